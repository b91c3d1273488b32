using Parley.Server.Devices;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

/// <summary>An account on a device of its own, and the token that proves it: shown once.</summary>
sealed record SignedIn(Account Account, Device Device, Secret Token);
