using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Server.Accounts;
using Parley.Server.Devices;

namespace Parley.Server.Kernel.Http;

/// <summary>The JSON of every call, generated at build.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SignUpRequest))]
[JsonSerializable(typeof(LogInRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(ChangeMeRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(RecoveryCodesAnswer))]
[JsonSerializable(typeof(RecoveryCodesLeftAnswer))]
[JsonSerializable(typeof(RecoveryRequest))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(MeAnswer))]
[JsonSerializable(typeof(PeopleAnswer))]
[JsonSerializable(typeof(PeopleLookupRequest))]
[JsonSerializable(typeof(DevicesAnswer))]
[JsonSerializable(typeof(TicketAnswer))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(InviteMadeAnswer))]
[JsonSerializable(typeof(InvitesAnswer))]
[JsonSerializable(typeof(AdminTokensRequest))]
[JsonSerializable(typeof(AdminTokensAnswer))]
sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>What is missing or null where it must not be is refused; times are RFC 3339 with milliseconds.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new Rfc3339Converter());
    }
}
