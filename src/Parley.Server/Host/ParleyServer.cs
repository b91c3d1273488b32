using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.MessageLog;
using Parley.MessageLog.RocksDb;
using Parley.Protocol.Ids;
using Parley.Server.Accounts;
using Parley.Server.Data;

namespace Parley.Server.Host;

/// <summary>One server: the order in which it starts, and the order in which it stops.</summary>
public sealed class ParleyServer : IAsyncDisposable
{
    readonly DataFolder _folder;
    readonly IMessageLog _log;
    readonly WebApplication _app;
    readonly Health _health;
    readonly InviteCode? _operatorCode;

    ParleyServer(DataFolder folder, IMessageLog log, WebApplication app, InviteCode? operatorCode)
    {
        (_folder, _log, _app, _operatorCode) = (folder, log, app, operatorCode);
        _health = app.Services.GetRequiredService<Health>();
    }

    /// <summary>Where it listens, with the real ports.</summary>
    public IReadOnlyList<string> Urls { get; private set; } = [];

    /// <summary>Makes the operator's account, once and within 24 hours of this start; null when there is one. A secret: not for logs.</summary>
    public string? OperatorLink { get; private set; }

    /// <summary>What to compare before trusting a self-signed certificate; null without TLS.</summary>
    public string? CertificateFingerprint => _app.Services.GetService<Certificates>()?.Fingerprint;

    /// <summary>Ends when the server stops by itself: something it cannot do without has failed.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>The log beneath, for who fills a new server.</summary>
    public IMessageLog Log => _log;

    internal IServiceProvider Services => _app.Services;

    /// <param name="settings">Validated.</param>
    /// <param name="onDiskFailure">The log can no longer say what is durable: the process must end with a non-zero exit code.</param>
    /// <param name="time">The clock of everything but the database's own.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <exception cref="StartException">Says what to do.</exception>
    public static async Task<ParleyServer> StartAsync(
        ServerSettings settings, Action<Exception> onDiskFailure, TimeProvider? time = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        time ??= TimeProvider.System;
        var folder = DataFolder.Open(settings.DataFolder);
        RocksDbMessageLog? log = null;
        try
        {
            var accounts = Task.Run(() => AccountsSchema.EnsureAsync(folder.AccountsFile, cancel), cancel);
            log = await Task.Run(() => OpenLog(settings, folder, onDiskFailure), cancel);
            await accounts;
            // Before anybody is let in: the link of the start before is worth nothing from here on.
            var operatorCode = Data.OperatorLink.Renew(folder.AccountsFile, time.GetUtcNow());
            var app = Composition.Build(settings, folder, log, time);
            if (log.Loss is { } loss)
                LossReport.Write(app.Services.GetRequiredService<ILogger<ParleyServer>>(), loss);
            var server = new ParleyServer(folder, log, app, operatorCode);
            await server.StartAsync(cancel);
            return server;
        }
        catch
        {
            if (log is not null)
                await log.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes an account and its first device, whoever may sign up here, for who fills a new server.</summary>
    public async Task<(AccountId Account, DeviceId Device, string Token)> SignUpAsync(string name, string password, string displayName, string deviceName)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var signUp = scope.ServiceProvider.GetRequiredService<SignUp>();
        var made = await signUp.RunUnaskedAsync(new(name, password, displayName, deviceName), CancellationToken.None);
        return (made.Account.AccountId, new(made.Device.Id), made.Token.Reveal());
    }

    /// <summary>
    /// Drains and stops: nobody new is let in, what was taken is written and answered, connections are told when to come back. Then
    /// the log is closed, and at last the folder is let go.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _health.IsReady = false;
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await _app.StartAsync(cancel);
        }
        catch (IOException cause) when (cause.InnerException is AddressInUseException)
        {
            throw new StartException($"{cause.Message.TrimEnd('.')}. Give another with --urls.", cause);
        }
        Urls = ServedUrls.Of(_app.Services.GetRequiredService<IServer>());
        OperatorLink = _operatorCode is null ? null : _app.Services.GetRequiredService<InviteLinks>().Of(_operatorCode);
        _health.IsReady = true;
    }

    static RocksDbMessageLog OpenLog(ServerSettings settings, DataFolder folder, Action<Exception> onDiskFailure)
    {
        try
        {
            return RocksDbMessageLog.Open(folder.LogFolder, new() { FatalError = onDiskFailure, AcceptLoss = settings.AcceptLoss });
        }
        catch (Exception cause) when (cause is LogCorruptException or LogFolderException)
        {
            throw new StartException(cause.Message, cause);
        }
    }
}
