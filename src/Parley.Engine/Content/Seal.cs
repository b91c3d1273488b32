namespace Parley.Engine.Content;

/// <summary>
/// Between content and body: where end-to-end encryption will be. For now the body is the content. A device never opens what it
/// sealed itself: it keeps the content with the outbox row, because under MLS it could not read it back.
/// </summary>
static class Seal
{
    public static byte[] Close(byte[] content) => content;

    public static byte[] Open(byte[] body) => body;
}
