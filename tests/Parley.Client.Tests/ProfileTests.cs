using Parley.Protocol.Ids;

namespace Parley.Client.Tests;

public sealed class ProfileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("parley-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_profile_keeps_its_credentials_for_its_owner_only()
    {
        var credentials = NewCredentials() with { Trust = ServerTrust.Pin(new string('a', 64)) };
        using (var profile = Profile.Open(_folder))
            profile.Save(credentials);
        using var again = Profile.Open(_folder);
        var read = again.FindCredentials()!;
        Assert.Equal((credentials.Server, credentials.Account, credentials.Device, credentials.Token), (read.Server, read.Account, read.Device, read.Token));
        Assert.Equal(credentials.Trust.Fingerprint, read.Trust.Fingerprint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "credentials.json")));
        Assert.DoesNotContain(credentials.Token, credentials.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_opener_is_told_who_holds_it()
    {
        using var first = Profile.Open(_folder);
        var refused = Assert.Throws<ProfileException>(() => Profile.Open(_folder));
        Assert.Contains($"in use by process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_device_never_gets_the_store_of_an_earlier_one()
    {
        using var profile = Profile.Open(_folder);
        profile.Save(NewCredentials());
        using (ClientStore.Open(profile.StoreFile))
            Assert.True(File.Exists(profile.StoreFile));
        profile.Save(NewCredentials());
        Assert.False(File.Exists(profile.StoreFile));
    }

    [Fact]
    public void A_store_of_another_version_is_refused_and_left_as_it_is()
    {
        var file = Path.Combine(_folder, "store.db");
        ClientStore.Open(file).Dispose();
        using (var connection = Schema.Connect(file))
            connection.Run("PRAGMA user_version = 99");
        Assert.Contains("version 99", Assert.Throws<ProfileException>(() => ClientStore.Open(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_credentials_say_which_file()
    {
        using var profile = Profile.Open(_folder);
        File.WriteAllText(Path.Combine(_folder, "credentials.json"), "{");
        Assert.Contains("credentials.json", Assert.Throws<ProfileException>(() => profile.FindCredentials()).Message, StringComparison.Ordinal);
    }

    static Credentials NewCredentials()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(new("https://chat.example/"), new(AccountId.Create(now), "alice", "Alice"), DeviceId.Create(now), "laptop", "a-token-nobody-may-see");
    }
}
