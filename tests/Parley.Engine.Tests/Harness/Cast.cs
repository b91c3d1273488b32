using Parley.Protocol.Ids;

namespace Parley.Engine.Tests.Harness;

/// <summary>Who the tests are about.</summary>
static class Cast
{
    public static readonly AccountId Alice = new(new Guid("0190a000-0000-7000-8000-00000000a11c"));
    public static readonly AccountId Bob = new(new Guid("0190a000-0000-7000-8000-00000000b0b0"));
    public static readonly AccountId Carol = new(new Guid("0190a000-0000-7000-8000-0000000ca401"));
    public static readonly DeviceId AlicePhone = new(new Guid("0190a000-0000-7000-9000-00000000a11c"));
    public static readonly DeviceId BobPhone = new(new Guid("0190a000-0000-7000-9000-00000000b0b0"));
    public static readonly DeviceId CarolPhone = new(new Guid("0190a000-0000-7000-9000-0000000ca401"));
    public static readonly ConversationId Chat = ConversationId.Direct(Alice, Bob);
    public static readonly ConversationId Group = new(new Guid("0190a000-0000-7000-a000-000000000001"));
}
