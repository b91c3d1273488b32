using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Parley.Server.Data;
using Parley.Server.Devices;

namespace Parley.Server.Accounts;

/// <summary>A code that once stands for a lost password. Stored as a hash only; spending it removes the row.</summary>
sealed class RecoveryCode
{
    // Without i, l, o and u: what is copied from paper is read wrong.
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public required Guid AccountId { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>80 bits that nobody guesses, so that a fast hash keeps them: xxxx-xxxx-xxxx-xxxx.</summary>
    public static string Create() => string.Join('-', RandomNumberGenerator.GetString(Alphabet, 16).Chunk(4).Select(four => new string(four)));

    /// <summary>What is stored for a code, however it was typed; text that is no code gives what no code has.</summary>
    public static byte[] HashOf(Guid account, string typed)
    {
        Span<byte> hashed = stackalloc byte[32];
        account.TryWriteBytes(hashed);
        var length = 16;
        foreach (var letter in typed)
        {
            if (letter is '-' or ' ')
                continue;
            if (length == hashed.Length)
                return SHA256.HashData(hashed[..16]);
            hashed[length++] = (byte)Alphabet.IndexOf(Read(letter), StringComparison.Ordinal);
        }
        return SHA256.HashData(hashed[..length]);
    }

    static char Read(char letter) => char.ToLowerInvariant(letter) switch
    {
        'o' => '0',
        'i' or 'l' => '1',
        var other => other,
    };
}

/// <summary>An account's recovery codes: made all at once, shown once.</summary>
sealed class RecoveryCodes(Proofs proofs, AccountsDb db)
{
    const int Count = 10;

    /// <summary>New codes; those made before are worth nothing from here on.</summary>
    public async Task<IReadOnlyList<string>> MakeAsync(Caller caller, string password, IPAddress? from, CancellationToken cancel)
    {
        using var proof = await proofs.OfPasswordAsync(caller, password, from, cancel);
        var account = proof.Account.Id;
        string[] codes = [.. Enumerable.Range(0, Count).Select(_ => RecoveryCode.Create())];
        await db.WriteAsync(async () =>
        {
            await db.RecoveryCodes.Where(c => c.AccountId == account).ExecuteDeleteAsync();
            db.AddRange(codes.Select(code => new RecoveryCode { AccountId = account, Hash = RecoveryCode.HashOf(account, code) }));
            await db.SaveChangesAsync();
        });
        return codes;
    }

    public Task<int> CountAsync(Caller caller, CancellationToken cancel) =>
        db.RecoveryCodes.CountAsync(c => c.AccountId == caller.Account.Value, cancel);
}
