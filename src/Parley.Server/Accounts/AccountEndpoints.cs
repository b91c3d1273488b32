using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol.Ids;
using Parley.Server.Data;
using Parley.Server.Devices;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Accounts;

static class AccountEndpoints
{
    // OWASP's figure for PBKDF2 with SHA-512 (Identity's own default is lower).
    const int PasswordIterations = 210_000;

    public static IServiceCollection AddAccounts(this IServiceCollection services, SignUpMode signUp)
    {
        services.AddIdentityCore<Account>(options =>
        {
            options.User.AllowedUserNameCharacters = NameRules.NameAlphabet;
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            options.Lockout.AllowedForNewUsers = true;
        }).AddUserManager<AccountUsers>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
        services.AddScoped<IUserStore<Account>, UserOnlyStore<Account, AccountsDb, Guid>>();
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<ILookupNormalizer, NamesAsTheyAre>();
        services.AddSingleton<Passwords>().AddSingleton<LogInTurns>().AddSingleton<LogInAddresses>().AddSingleton<People>().AddSingleton<BulkAccounts>();
        services.AddSingleton(new SignUpPolicy(signUp)).AddSingleton<Invites>().AddSingleton<Operators>();
        return services.AddScoped<SignUpGate>().AddScoped<Proofs>().AddScoped<SignUp>().AddScoped<LogIn>().AddScoped<FormerNames>()
            .AddScoped<ChangeMe>().AddScoped<ChangePassword>().AddScoped<RecoveryCodes>().AddScoped<Recover>().AddScoped<DeleteAccount>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/accounts", SignUpAsync).WithName("signUp").WithTags("accounts")
            .WithSummary("A new account and its first device.").Refuses(ErrorCode.Invalid, ErrorCode.InviteRefused, ErrorCode.NameTaken, ErrorCode.RateLimited);
        api.MapPost("/sessions", LogInAsync).WithName("logIn").WithTags("accounts")
            .WithSummary("A new device for who knows the password.").Refuses(ErrorCode.Invalid, ErrorCode.WrongCredentials, ErrorCode.RateLimited);
        api.MapPost("/sessions/recovery", RecoverAsync).WithName("recover").WithTags("accounts")
            .WithSummary("A new password and a new device for who has a recovery code; all devices before are logged out.")
            .Refuses(ErrorCode.Invalid, ErrorCode.WrongCredentials, ErrorCode.RateLimited);
        api.MapMe();
        api.MapGet("/people", SearchAsync).WithName("searchPeople").WithTags("people")
            .WithSummary("At most 20 people whose names begin so.").Refuses(ErrorCode.Unauthenticated, ErrorCode.RateLimited);
        api.MapPost("/people/lookup", LookUpAsync).WithName("lookUpPeople").WithTags("people")
            .WithSummary("The people with these ids.").Refuses(ErrorCode.Invalid, ErrorCode.Unauthenticated, ErrorCode.TooLarge, ErrorCode.RateLimited);
    }

    static async Task<Created<SessionAnswer>> SignUpAsync(SignUpRequest request, SignUp signUp, HttpContext context, CancellationToken cancel) =>
        TypedResults.Created("/api/v1/me", Answer(await signUp.RunAsync(request, cancel), request.Cookie, context));

    static async Task<Ok<SessionAnswer>> LogInAsync(LogInRequest request, LogIn logIn, HttpContext context, CancellationToken cancel) =>
        TypedResults.Ok(Answer(await logIn.RunAsync(request, context.Connection.RemoteIpAddress, cancel), request.Cookie, context));

    static async Task<Ok<SessionAnswer>> RecoverAsync(RecoveryRequest request, Recover recover, HttpContext context, CancellationToken cancel) =>
        TypedResults.Ok(Answer(await recover.RunAsync(request, context.Connection.RemoteIpAddress, cancel), request.Cookie, context));

    static SessionAnswer Answer(SignedIn signedIn, bool asCookie, HttpContext context)
    {
        var token = signedIn.Token.Reveal();
        if (asCookie)
            SessionCookie.Set(context, token);
        var device = new DeviceName(new DeviceId(signedIn.Device.Id).ToString(), signedIn.Device.Name);
        return new(Person.Of(signedIn.Account), device, asCookie ? null : token);
    }

    static async Task<Ok<PeopleAnswer>> SearchAsync(Caller caller, string name, People people, CancellationToken cancel) =>
        TypedResults.Ok(new PeopleAnswer(await people.SearchAsync(caller.Account, name, cancel)));

    static async Task<Ok<PeopleAnswer>> LookUpAsync(Caller caller, PeopleLookupRequest request, People people, CancellationToken cancel) =>
        TypedResults.Ok(new PeopleAnswer(await people.LookUpAsync(caller.Account, request.Ids, cancel)));
}
