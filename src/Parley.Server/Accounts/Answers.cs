using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <param name="Name">3-32 of a-z, 0-9, dot and underscore.</param>
/// <param name="Password">At least 10 characters.</param>
/// <param name="DisplayName">1-64 characters; the name when not given.</param>
/// <param name="DeviceName">What the list of devices shows.</param>
/// <param name="Cookie">True: the token comes as a cookie that scripts cannot read, and not in the answer.</param>
/// <param name="Invite">An invite's code. It counts wherever it is given, also where nobody needs one.</param>
sealed record SignUpRequest(string Name, string Password, string? DisplayName = null, string? DeviceName = null, bool Cookie = false, string? Invite = null);

/// <inheritdoc cref="SignUpRequest"/>
sealed record LogInRequest(string Name, string Password, string? DeviceName = null, bool Cookie = false);

/// <param name="Current">The present password.</param>
/// <param name="Password">The new one: at least 10 characters.</param>
/// <param name="LogOutOthers">False: the account's other devices stay logged in.</param>
sealed record ChangePasswordRequest(string Current, string Password, bool LogOutOthers = true);

sealed record Person(string Id, string Name, string DisplayName)
{
    public static Person Of(Account account) => new(account.AccountId.ToString(), account.Name, account.DisplayName);
}

/// <param name="Account">Who.</param>
/// <param name="Device">The device made for this session.</param>
/// <param name="Token">For <c>Authorization: Bearer</c>; absent when it came as a cookie.</param>
sealed record SessionAnswer(Person Account, DeviceName Device, string? Token);

sealed record MeAnswer(Person Account, DeviceName Device);

sealed record PeopleAnswer(IReadOnlyList<Person> People);

/// <param name="Ids">At most 200 account ids. Unknown ones are left out of the answer.</param>
sealed record PeopleLookupRequest(IReadOnlyList<string> Ids);

/// <param name="Count">1 to 10,000.</param>
sealed record AdminTokensRequest(int Count);

sealed record AdminToken(string Account, string Device, string Name, string Token);

sealed record AdminTokensAnswer(IReadOnlyList<AdminToken> Tokens);
