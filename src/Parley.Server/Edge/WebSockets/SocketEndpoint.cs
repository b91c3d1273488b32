using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Parley.Protocol;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Edge.WebSockets;

/// <summary>
/// The same socket through HTTP: for upgrades on a connection that carried requests before, as some proxies make them, and for those
/// that are refused, with the reason.
/// </summary>
sealed class SocketEndpoint(SessionHost host, OriginPolicy origins)
{
    public Task HandleAsync(HttpContext context)
    {
        var (request, upgrade) = (context.Request, context.Features.Get<IHttpUpgradeFeature>());
        var headers = request.Headers;
        if (!origins.Allows(request))
        {
            Refused.Origin(host.Log);
            return Problem.Of(ErrorCode.NotAllowed, StatusCodes.Status403Forbidden, "Pages of this Origin may not connect: setting `origins`.").WriteAsync(context);
        }
        var isSocket = HttpMethods.IsGet(request.Method) && upgrade is { IsUpgradableRequest: true }
            && Handshake.HasToken(headers.Upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase)
            && Handshake.HasToken(headers.Connection.ToString(), "upgrade", StringComparison.OrdinalIgnoreCase);
        if (!isSocket || headers.SecWebSocketVersion != "13")
        {
            headers = context.Response.Headers;
            (headers.SecWebSocketVersion, headers.Upgrade) = ("13", "websocket");
            return Problem.Of(ErrorCode.Invalid, StatusCodes.Status426UpgradeRequired, "This address speaks WebSocket, version 13.").WriteAsync(context);
        }
        if (!Handshake.OffersSubprotocol(headers.SecWebSocketProtocol.ToString()))
            return Problem.Of(ErrorCode.Invalid, StatusCodes.Status400BadRequest, $"Sec-WebSocket-Protocol must offer {FrameCodec.Subprotocol}.").WriteAsync(context);
        if (!Handshake.IsKey(headers.SecWebSocketKey.ToString()))
            return Problem.Of(ErrorCode.Invalid, StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64.").WriteAsync(context);
        return UpgradeAsync(context, upgrade!);
    }

    async Task UpgradeAsync(HttpContext context, IHttpUpgradeFeature upgrade)
    {
        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Handshake.Accept(context.Request.Headers.SecWebSocketKey.ToString());
        headers.SecWebSocketProtocol = FrameCodec.Subprotocol;
        var stream = await upgrade.UpgradeAsync();
        var input = PipeReader.Create(stream, new(useZeroByteReads: true, leaveOpen: true));
        var output = PipeWriter.Create(stream, new(leaveOpen: true));
        var socket = new WebSocketConnection(host, input, output, context.Abort);
        host.Wheel.Set(socket, host.Limits.HelloTimeout);
        await socket.RunAsync();
    }
}
