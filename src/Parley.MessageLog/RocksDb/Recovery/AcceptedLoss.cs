namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>
/// What was damaged, and what the new incarnation has: conversations kept whole as far as can be told, those that end early now, and
/// those of which the row or the roster was lost. The damaged files stay in <paramref name="Folder"/>.
/// </summary>
public sealed record AcceptedLoss(LogDamage Damage, int Whole, int Shortened, int Lost, string Folder);
