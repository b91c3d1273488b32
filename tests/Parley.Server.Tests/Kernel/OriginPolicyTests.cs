using Microsoft.AspNetCore.Http;
using Parley.Server.Kernel.Http;

namespace Parley.Server.Tests.Kernel;

public sealed class OriginPolicyTests
{
    static readonly string[] Allowed = ["https://other.example"];

    [Theory]
    [InlineData("", "http", "chat.example", true)]
    [InlineData("http://chat.example", "http", "chat.example", true)]
    [InlineData("http://chat.example", "http", "chat.example:80", true)]
    [InlineData("https://chat.example", "https", "CHAT.example:443", true)]
    [InlineData("http://chat.example:8080", "http", "chat.example:8080", true)]
    [InlineData("https://other.example", "http", "chat.example", true)]
    [InlineData("http://chat.example", "https", "chat.example", false)]
    [InlineData("https://chat.example", "http", "chat.example", false)]
    [InlineData("http://chat.example:8080", "http", "chat.example", false)]
    [InlineData("http://chat.example.evil.example", "http", "chat.example", false)]
    [InlineData("null", "http", "chat.example", false)]
    [InlineData("http://", "http", "", false)]
    public void A_call_and_a_connection_are_judged_alike_by_scheme_host_and_port(string origin, string scheme, string host, bool allowed)
    {
        var policy = new OriginPolicy(Allowed, behindProxy: false);
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new(host));
        request.Headers.Origin = origin;
        Assert.Equal(allowed, policy.Allows(request));
        Assert.Equal(allowed, policy.Allows(origin, scheme, host, "https", "evil.example"));
    }

    [Theory]
    [InlineData("https://chat.example", "https", "chat.example", true)]
    [InlineData("https://chat.example", "http, https", "evil.example, chat.example", true)]
    [InlineData("http://inside:5000", "", "", true)]
    [InlineData("https://chat.example", "", "chat.example", false)]
    [InlineData("http://inside:5000", "https", "chat.example", false)]
    public void Behind_a_proxy_the_server_is_what_the_proxy_says(string origin, string scheme, string host, bool allowed) =>
        Assert.Equal(allowed, new OriginPolicy(Allowed, behindProxy: true).Allows(origin, "http", "inside:5000", scheme, host));
}
