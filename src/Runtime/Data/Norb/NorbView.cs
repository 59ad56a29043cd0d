namespace Whittle;

/// <summary>How a scene of NORB was set up, in the numbers of its -info file.</summary>
/// <param name="Instance">Which toy of its class, 0 to 9. The archives for training and testing show different ones.</param>
/// <param name="Elevation">Elevation of the cameras, 0 to 8 for 30 to 70 degrees in steps of 5.</param>
/// <param name="Azimuth">Direction of the toy in tens of degrees, the even numbers from 0 to 34.</param>
/// <param name="Lighting">The lighting, 0 to 5.</param>
public readonly record struct NorbView(int Instance, int Elevation, int Azimuth, int Lighting);
