namespace Bartizan.Kql.Functions.Geography;

/// <summary>Distances on the WGS 84 ellipsoid, by Vincenty's inverse formula (1975).</summary>
internal static class Spheroid
{
    private const double A = 6378137.0;
    private const double F = 1 / 298.257223563;
    private const double B = A * (1 - F);

    /// <summary>Null for points that lie nearly opposite, where the formula finds no answer.</summary>
    public static double? Distance(double lng1, double lat1, double lng2, double lat2)
    {
        var l = Vector.Radians(lng2 - lng1);
        var (u1, u2) = (Math.Atan((1 - F) * Math.Tan(Vector.Radians(lat1))), Math.Atan((1 - F) * Math.Tan(Vector.Radians(lat2))));
        var (sinU1, cosU1) = Math.SinCos(u1);
        var (sinU2, cosU2) = Math.SinCos(u2);
        var lambda = l;
        for (var i = 0; i < 200; i++)
        {
            var (sinL, cosL) = Math.SinCos(lambda);
            var x = (cosU1 * sinU2) - (sinU1 * cosU2 * cosL);
            var sinSigma = Math.Sqrt((cosU2 * sinL * cosU2 * sinL) + (x * x));
            if (sinSigma == 0)
            {
                return 0;
            }

            var cosSigma = (sinU1 * sinU2) + (cosU1 * cosU2 * cosL);
            var sigma = Math.Atan2(sinSigma, cosSigma);
            var sinAlpha = cosU1 * cosU2 * sinL / sinSigma;
            var cosSqAlpha = 1 - (sinAlpha * sinAlpha);
            var cos2M = cosSqAlpha == 0 ? 0 : cosSigma - (2 * sinU1 * sinU2 / cosSqAlpha);
            var c = F / 16 * cosSqAlpha * (4 + (F * (4 - (3 * cosSqAlpha))));
            var before = lambda;
            lambda = l + ((1 - c) * F * sinAlpha * (sigma + (c * sinSigma * (cos2M + (c * cosSigma * (-1 + (2 * cos2M * cos2M)))))));
            if (Math.Abs(lambda - before) < 1e-12)
            {
                var uSq = cosSqAlpha * ((A * A) - (B * B)) / (B * B);
                var bigA = 1 + (uSq / 16384 * (4096 + (uSq * (-768 + (uSq * (320 - (175 * uSq)))))));
                var bigB = uSq / 1024 * (256 + (uSq * (-128 + (uSq * (74 - (47 * uSq))))));
                var delta = bigB * sinSigma * (cos2M + (bigB / 4 * ((cosSigma * (-1 + (2 * cos2M * cos2M)))
                    - (bigB / 6 * cos2M * (-3 + (4 * sinSigma * sinSigma)) * (-3 + (4 * cos2M * cos2M))))));
                return B * bigA * (sigma - delta);
            }
        }

        return null;
    }
}
