namespace Parley.Server.Accounts;

/// <summary>Where people open an invite. The server's address is asked for late: a port of 0 is known only once it listens.</summary>
sealed class InviteLinks(Func<Uri> findServer)
{
    public string Of(InviteCode code) => new Uri(findServer(), $"/i/{code.Reveal()}").AbsoluteUri;
}
