namespace Parley.Cli.Demo;

/// <summary>What alice, bob and carol have written to each other, as days before today and a time of the day.</summary>
static class DemoScript
{
    public sealed record Line(string Author, int DaysAgo, string At, string Text);

    public const string GroupTitle = "Weekend at the lake";

    public static readonly IReadOnlyList<Line> Group =
    [
        new("alice", 30, "18:02", "I made a group for the lake. Who is in?"),
        new("bob", 30, "18:05", "Me! Which weekend?"),
        new("carol", 30, "18:31", "In. Not the first one of the month, I work then."),
        new("alice", 29, "08:12", "Then let us say the last weekend."),
        new("bob", 29, "08:15", "👍"),
        new("carol", 27, "20:40", "I looked at the hut again: it has *six* beds, a stove, and no reception at all."),
        new("bob", 27, "20:44", "No reception is a feature."),
        new("alice", 27, "20:45", "Says the man who answers in four minutes."),
        new("bob", 24, "12:20", "Train or car?"),
        new("carol", 24, "12:58", "Train to the village, then it is a walk of forty minutes along the water."),
        new("alice", 24, "13:03", "Train. I would like to read."),
        new("bob", 21, "19:11", "Tickets are cheap until Thursday. Shall I take three?"),
        new("alice", 21, "19:12", "Yes please"),
        new("carol", 21, "19:30", "Yes! I owe you, tell me how much."),
        new("bob", 20, "09:00", "Booked. Saturday 08:14 from the main station, back on Sunday at 17:40."),
        new("carol", 17, "21:15", "What do we eat?"),
        new("alice", 17, "21:17", "I bring soup, it only has to be warmed."),
        new("bob", 17, "21:19", "Bread, cheese, apples. And the good coffee."),
        new("carol", 17, "21:24", "Then I bring breakfast and cake 🎂"),
        new("alice", 13, "07:55", "The forecast says sun on Saturday and \"mixed\" on Sunday."),
        new("bob", 13, "08:30", "Mixed is what forecasts say when they do not know."),
        new("carol", 9, "18:45", "Does anybody have a second sleeping bag? Mine has lost its zip."),
        new("bob", 9, "18:47", "I have one, it is old but warm."),
        new("carol", 9, "18:47", "Thank you!"),
        new("alice", 6, "22:10", "I packed already. Yes, I know."),
        new("bob", 6, "22:12", "Of course you did."),
        new("carol", 3, "12:00", "The keys of the hut are with the neighbour, the yellow house. I called her."),
        new("alice", 3, "12:06", "You are the best."),
        new("bob", 2, "19:20", "Meeting at the big clock, eight sharp?"),
        new("carol", 2, "19:22", "At the clock, eight."),
        new("alice", 1, "21:00", "See you tomorrow! Bring something against mosquitoes."),
        new("bob", 1, "21:04", "And a torch. Good night 🌙"),
    ];

    public static readonly IReadOnlyList<Line> AliceAndBob =
    [
        new("alice", 19, "10:02", "Do you still have my drill?"),
        new("bob", 19, "10:30", "I do. Sorry! I bring it on Monday."),
        new("alice", 18, "18:00", "No hurry."),
        new("bob", 12, "17:45", "It is in front of your door, in the blue bag."),
        new("alice", 12, "18:20", "Got it, thanks."),
        new("bob", 4, "09:12", "Are you at the office tomorrow?"),
        new("alice", 4, "09:20", "Yes, until four."),
        new("bob", 1, "20:15", "Do not tell carol: I ordered the cake she likes."),
    ];

    public static readonly IReadOnlyList<Line> AliceAndCarol =
    [
        new("carol", 15, "16:40", "The book you gave me is wonderful. I could not stop."),
        new("alice", 15, "19:02", "I knew it! There is a second one."),
        new("carol", 15, "19:03", "Lend it to me?"),
        new("alice", 14, "08:00", "It is in my bag for the lake already."),
        new("carol", 5, "13:30", "Can you water my tomatoes on Friday?"),
        new("alice", 5, "13:41", "Of course."),
    ];
}
