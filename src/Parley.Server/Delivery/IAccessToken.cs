using Parley.Server.Delivery.Lanes;

namespace Parley.Server.Delivery;

/// <summary>Who asked a lane what an account may read, and goes on from there.</summary>
interface IAccessToken
{
    void Accessed(ReadAccess? access);

    void Failed(ErrorCode code);
}
