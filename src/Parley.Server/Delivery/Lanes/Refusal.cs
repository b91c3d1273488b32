namespace Parley.Server.Delivery.Lanes;

/// <summary>How each input is answered when it is not carried out. Inputs that nobody waits for are dropped.</summary>
static class Refusal
{
    public static Reply Of(Caller caller, ErrorCode code, string detail) =>
        new(caller, new() { ReplyTo = caller.CommandId, Failure = new() { Code = (uint)code, Detail = detail } });

    public static void Of(LaneInput input, ErrorCode code, string detail, List<LaneEffect> effects)
    {
        LaneEffect? refusal = input switch
        {
            SendInput send => Of(send.Caller, code, detail),
            OpenDirectInput open => Of(open.Caller, code, detail),
            CreateGroupInput create => Of(create.Caller, code, detail),
            ChangeGroupInput change => Of(change.Caller, code, detail),
            RosterInput roster => Of(roster.Caller, code, detail),
            ReceiptsInput receipts => Of(receipts.Caller, code, detail),
            AttachInput attach => new AttachFailed(attach.Caller, attach.Conversation, code),
            AccessInput access => new AccessFailed(access.Token, code),
            _ => null,
        };
        if (refusal is not null)
            effects.Add(refusal);
    }
}
