using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>One's own account as others see it.</summary>
/// <param name="Account">Its id, which never changes.</param>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">What others see first.</param>
/// <param name="About">What the person says of itself; empty when nothing.</param>
public sealed record OwnAccount(AccountId Account, string Name, string DisplayName, string About);
