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

/// <summary>What is left out stays as it is.</summary>
/// <param name="DisplayName">1-64 characters.</param>
/// <param name="About">0-140 characters.</param>
/// <param name="Name">3-32 of a-z, 0-9, dot and underscore. The name before stays reserved for 30 days.</param>
sealed record ChangeMeRequest(string? DisplayName = null, string? About = null, string? Name = null);

/// <param name="Password">The account's password, asked for once more.</param>
sealed record PasswordRequest(string Password);

/// <param name="Codes">Shown here once; each is good for one recovery.</param>
sealed record RecoveryCodesAnswer(IReadOnlyList<string> Codes);

/// <param name="Left">How many recovery codes are not spent.</param>
sealed record RecoveryCodesLeftAnswer(int Left);

/// <param name="Name">The account's name.</param>
/// <param name="Code">One of its recovery codes; spent when it is right.</param>
/// <param name="Password">The new password: at least 10 characters.</param>
/// <param name="DeviceName">What the list of devices shows.</param>
/// <param name="Cookie">True: the token comes as a cookie that scripts cannot read, and not in the answer.</param>
sealed record RecoveryRequest(string Name, string Code, string Password, string? DeviceName = null, bool Cookie = false);

/// <param name="Current">The present password.</param>
/// <param name="Password">The new one: at least 10 characters.</param>
/// <param name="LogOutOthers">False: the account's other devices stay logged in.</param>
sealed record ChangePasswordRequest(string Current, string Password, bool LogOutOthers = true);

/// <param name="Id">The account's id.</param>
/// <param name="Name">Unique among all, and may change.</param>
/// <param name="DisplayName">What others see first.</param>
/// <param name="About">What the person says of itself; empty when nothing.</param>
sealed record Person(string Id, string Name, string DisplayName, string About)
{
    public static Person Of(Account account) => new(account.AccountId.ToString(), account.Name, account.DisplayName, account.About);
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
