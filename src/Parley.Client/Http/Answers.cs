using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client;

// The JSON of /api/v1, as in spec/openapi.json.
sealed record CredentialsRequest(string Name, string Password, string? DisplayName, string? DeviceName, string? Invite = null);

sealed record ChangeMeRequest(string? DisplayName, string? About, string? Name);

sealed record PasswordRequest(string Password);

sealed record RecoveryRequest(string Name, string Code, string Password, string? DeviceName);

sealed record RecoveryCodesAnswer(IReadOnlyList<string> Codes);

sealed record RecoveryCodesLeftAnswer(int Left);

sealed record ChangePasswordRequest(string Current, string Password, bool LogOutOthers);

sealed record PersonAnswer(string Id, string Name, string DisplayName, string? About = null)
{
    public PersonRow ToRow() => new(Account, Name, DisplayName);

    public OwnAccount ToOwn() => new(Account, Name, DisplayName, About ?? "");

    AccountId Account => AccountId.TryParse(Id, out var id) ? id : throw new JsonException("An account's id is no UUID.");
}

sealed record DeviceNameAnswer(string Id, string Name);

sealed record SessionAnswer(PersonAnswer Account, DeviceNameAnswer Device, string? Token);

sealed record DeviceAnswer(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool Current);

sealed record DevicesAnswer(IReadOnlyList<DeviceAnswer> Devices);

sealed record TicketAnswer(string Ticket);

sealed record PeopleAnswer(IReadOnlyList<PersonAnswer> People);

sealed record PeopleLookupRequest(IReadOnlyList<string> Ids);

sealed record ProblemAnswer(string? Detail, string? Title, string? Code);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CredentialsRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(ChangeMeRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(RecoveryRequest))]
[JsonSerializable(typeof(RecoveryCodesAnswer))]
[JsonSerializable(typeof(RecoveryCodesLeftAnswer))]
[JsonSerializable(typeof(PersonAnswer))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(DevicesAnswer))]
[JsonSerializable(typeof(TicketAnswer))]
[JsonSerializable(typeof(PeopleAnswer))]
[JsonSerializable(typeof(PeopleLookupRequest))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(StoredCredentials))]
sealed partial class ClientJson : JsonSerializerContext;
