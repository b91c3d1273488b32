using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Server.Kernel.Http;

/// <summary>The one place where a refusal, a bad request or a bug becomes an error answer, and where it is logged.</summary>
sealed partial class Problems(RequestDelegate next, ILogger<Problems> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            await Explain(error).WriteAsync(context);
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody reads an answer.
            return;
        }
        var response = context.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null } && !HttpMethods.IsHead(context.Request.Method))
            await ForStatus(response.StatusCode).WriteAsync(context);
    }

    Problem Explain(Exception error)
    {
        switch (error)
        {
            case ParleyException refusal:
                return Problem.Of(refusal);
            case BadHttpRequestException { InnerException: JsonException json }:
                return Problem.Of(ErrorCode.Malformed, StatusCodes.Status400BadRequest, $"The body is not the JSON this call takes: {json.Message}");
            case BadHttpRequestException bad:
                return ForStatus(bad.StatusCode, bad.Message);
            default:
                var trace = Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
                Log.Bug(logger, trace, error);
                return Problem.Of(ErrorCode.Internal, StatusCodes.Status500InternalServerError, $"A bug. The server logged it under {trace}.");
        }
    }

    static Problem ForStatus(int status, string? detail = null) => status switch
    {
        404 => Problem.Of(ErrorCode.NotFound, status, detail ?? "There is nothing here."),
        405 => Problem.Of(ErrorCode.Unknown, status, "This method is not known here; the Allow header names those that are."),
        413 => Problem.Of(ErrorCode.TooLarge, status, "The body is larger than this call takes."),
        415 => Problem.Of(ErrorCode.Malformed, status, "The body must be application/json."),
        >= 500 => Problem.Of(ErrorCode.Internal, status, detail ?? "The server failed."),
        _ => Problem.Of(ErrorCode.Malformed, status, detail ?? "The request is malformed."),
    };

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A request failed by a bug, trace {Trace}")]
        public static partial void Bug(ILogger logger, string trace, Exception error);
    }
}
