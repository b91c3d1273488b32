using System.Text.RegularExpressions;
using CsCheck;
using Parley.Engine.Boundary;
using Parley.Engine.Content;
using Parley.Engine.Tests.Harness;

namespace Parley.Engine.Tests.Content;

public sealed partial class MimiContentTests
{
    static readonly byte[] Salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    static readonly byte[] Id = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    static readonly string Hex = Convert.ToHexString(Id);

    /// <summary>All published contents; implied-original holds what travels beside one and is none.</summary>
    static IEnumerable<string> Contents =>
        Vectors.Find("mimi-content", "*.cbor").Where(file => !Path.GetFileName(file).StartsWith("implied", StringComparison.Ordinal));

    [Fact]
    public void Every_published_content_is_read_and_written_again_byte_for_byte()
    {
        foreach (var file in Contents)
        {
            var bytes = File.ReadAllBytes(file);
            Assert.Equal(bytes, MimiWriter.Write(MimiReader.Read(bytes)));
        }
    }

    [Fact]
    public void Published_contents_mean_what_their_names_say()
    {
        var meanings = new Dictionary<string, (ContentKind Kind, string? Text)>
        {
            ["original"] = (ContentKind.Text, "Hi everyone, we just shipped release 2.0. __Good  work__!"),
            ["reply"] = (ContentKind.Text, "Right on! _Congratulations_ 'all!"),
            ["edit"] = (ContentKind.Edit, "Right on! _Congratulations_ y'all!"),
            ["delete"] = (ContentKind.Delete, null),
            ["reaction"] = (ContentKind.Reaction, "❤"),
            ["unlike"] = (ContentKind.Reaction, ""),
            ["attachment"] = (ContentKind.Other, null),
        };
        foreach (var file in Contents)
        {
            if (!meanings.TryGetValue(Path.GetFileNameWithoutExtension(file), out var expected))
                continue;
            var meaning = Composer.Read(MimiReader.Read(File.ReadAllBytes(file)));
            Assert.Equal(expected, (meaning.Kind, meaning.Text));
        }
    }

    [Fact]
    public void A_message_id_is_derived_as_published()
    {
        foreach (var file in Vectors.Find("mimi-content", "original.cbor"))
        {
            var edn = File.ReadAllText(Path.ChangeExtension(file, ".edn"));
            var bytes = File.ReadAllBytes(file);
            var quoted = PublishedId().Match(edn);
            var id = MessageIds.Derive("mimi://example.com/u/alice-smith", "mimi://example.com/r/engineering_team", bytes, MimiReader.Read(bytes).Salt);
            Assert.Equal(Convert.FromHexString(quoted.Groups[1].Value + quoted.Groups[2].Value), id);
        }
    }

    [GeneratedRegex(@"message ID = h'([0-9a-f]+)\s*#\s*([0-9a-f]+)'")]
    private static partial Regex PublishedId();

    [Fact]
    public void What_a_person_writes_is_what_a_reader_sees()
    {
        Assert.Equal((ContentKind.Text, "hi", null), Read(new TextContent("hi")));
        Assert.Equal((ContentKind.Text, "yes", Hex), Read(new ReplyContent("yes", Id)));
        Assert.Equal((ContentKind.Edit, "no", Hex), Read(new EditContent("no", Id)));
        Assert.Equal((ContentKind.Delete, null, Hex), Read(new DeleteContent(Id)));
        Assert.Equal((ContentKind.Reaction, "👍", Hex), Read(new ReactionContent("👍", Id)));
        Assert.Equal((ContentKind.Reaction, "", Hex), Read(new ReactionContent("", Id, Id)));
    }

    static (ContentKind, string?, string?) Read(MessageContent content)
    {
        var meaning = Composer.Read(MimiReader.Read(MimiWriter.Write(Composer.Compose(content, Salt))));
        return (meaning.Kind, meaning.Text, meaning.RefersTo is { } id ? Convert.ToHexString(id) : null);
    }

    [Fact]
    public void Only_messages_count_not_edits_deletions_and_reactions()
    {
        Assert.True(Composer.Read(Composer.Compose(new TextContent("hi"), Salt)).Counts);
        Assert.True(Composer.Read(Composer.Compose(new ReplyContent("hi", Id), Salt)).Counts);
        Assert.False(Composer.Read(Composer.Compose(new EditContent("hi", Id), Salt)).Counts);
        Assert.False(Composer.Read(Composer.Compose(new DeleteContent(Id), Salt)).Counts);
        Assert.False(Composer.Read(Composer.Compose(new ReactionContent("👍", Id), Salt)).Counts);
    }

    [Fact]
    public void Random_bytes_are_a_content_or_a_content_exception() =>
        Gen.Byte.Array[0, 300].Sample(IsReadOrRefused, iter: 20_000);

    [Fact]
    public void Damaged_contents_are_a_content_or_a_content_exception()
    {
        var contents = Contents.Select(File.ReadAllBytes)
            .Append(MimiWriter.Write(Composer.Compose(new ReplyContent("hi", Id), Salt))).ToArray();
        Gen.Select(Gen.Int[0, contents.Length - 1], Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 800]).Sample((index, at, value, length) =>
        {
            var damaged = contents[index].AsSpan(0, Math.Min(contents[index].Length, length)).ToArray();
            if (damaged.Length > 0)
                damaged[at % damaged.Length] = value;
            return IsReadOrRefused(damaged);
        }, iter: 50_000);
    }

    [Fact]
    public void Parts_that_lie_too_deep_are_refused()
    {
        MimiPart part = new NullPart(Disposition.Render, "");
        for (var i = 0; i < 2_000; i++)
            part = new MultiPart(Disposition.Render, "", 0, [part]);
        Assert.Throws<ContentException>(() => MimiReader.Read(MimiWriter.Write(new(Salt, part))));
    }

    static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            Composer.Read(MimiReader.Read(bytes));
            MessageIds.Derive(Cast.Alice, Cast.Chat, bytes, Salt);
        }
        catch (ContentException)
        {
        }
        return true;
    }
}
