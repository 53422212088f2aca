namespace Bartizan.Kql.Functions.Geography;

/// <summary>A point of the unit sphere, or a direction in space.</summary>
internal readonly record struct Vector(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public double Longitude => Degrees(Math.Atan2(Y, X));

    public double Latitude => Degrees(Math.Atan2(Z, Math.Sqrt((X * X) + (Y * Y))));

    public static Vector At(double longitude, double latitude)
    {
        var (lng, lat) = (Radians(longitude), Radians(latitude));
        return new(Math.Cos(lat) * Math.Cos(lng), Math.Cos(lat) * Math.Sin(lng), Math.Sin(lat));
    }

    public static double Radians(double degrees) => degrees * Math.PI / 180;

    public static double Degrees(double radians) => radians * 180 / Math.PI;

    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector operator *(Vector a, double by) => new(a.X * by, a.Y * by, a.Z * by);

    public double Dot(Vector other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public Vector Cross(Vector other) => new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    public Vector Unit() => Length is > 0 and var length ? this * (1 / length) : this;

    /// <summary>In radians; exact also for points that lie close together or opposite.</summary>
    public double Angle(Vector other) => Math.Atan2(Cross(other).Length, Dot(other));
}
