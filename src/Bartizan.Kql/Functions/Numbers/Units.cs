using System.Globalization;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Numbers;

/// <summary>convert_length and its kin: from one unit to another. An unknown unit gives null.</summary>
internal static class Units
{
    private const string Angles =
        "Arcminute 0.016666666666666666 Arcsecond 0.0002777777777777778 Degree 1 Microdegree 1e-6 Millidegree 1e-3 Nanodegree 1e-9 Gradian 0.9 NatoMil 0.05625 Revolution 360 "
        + "Radian 57.29577951308232 Deciradian 5.729577951308232 Centiradian 0.5729577951308232 Milliradian 0.05729577951308232 Microradian 5.729577951308232e-5 Nanoradian 5.729577951308232e-8";

    private const string Energies =
        "Joule 1 Millijoule 1e-3 Kilojoule 1e3 Megajoule 1e6 Gigajoule 1e9 Calorie 4.184 Kilocalorie 4184 Megacalorie 4184000 Erg 1e-7 FootPound 1.355817948 HorsepowerHour 2684519.537696173 "
        + "ElectronVolt 1.602176565e-19 KiloelectronVolt 1.602176565e-16 MegaelectronVolt 1.602176565e-13 GigaelectronVolt 1.602176565e-10 TeraelectronVolt 1.602176565e-7 "
        + "BritishThermalUnit 1055.05585262 KilobritishThermalUnit 1055055.85262 MegabritishThermalUnit 1055055852.62 GigabritishThermalUnit 1055055852620 "
        + "ThermEc 105505585.262 DecathermEc 1055055852.62 ThermUs 105480400 DecathermUs 1054804000 ThermImperial 105505585.257348 DecathermImperial 1055055852.57348 "
        + "WattHour 3600 KilowattHour 3.6e6 MegawattHour 3.6e9 GigawattHour 3.6e12 TerawattHour 3.6e15 WattDay 86400 KilowattDay 8.64e7 MegawattDay 8.64e10 GigawattDay 8.64e13 TerawattDay 8.64e16";

    private const string Forces =
        "Newton 1 Decanewton 10 Kilonewton 1e3 Meganewton 1e6 Micronewton 1e-6 Millinewton 1e-3 Dyn 1e-5 KilogramForce 9.80665 KiloPond 9.80665 TonneForce 9806.65 "
        + "PoundForce 4.4482216152605 KilopoundForce 4448.2216152605 OunceForce 0.27801385095378125 Poundal 0.138254954376 ShortTonForce 8896.443230521";

    private const string Lengths =
        "Meter 1 Decimeter 0.1 Centimeter 0.01 Millimeter 1e-3 Micrometer 1e-6 Nanometer 1e-9 Angstrom 1e-10 Decameter 10 Hectometer 100 Kilometer 1000 Inch 0.0254 Microinch 2.54e-8 Mil 2.54e-5 "
        + "Foot 0.3048 Yard 0.9144 Mile 1609.344 Chain 20.1168 DataMile 1828.8 Fathom 1.8288 Hand 0.1016 Shackle 27.432 NauticalMile 1852 UsSurveyFoot 0.3048006096012192 "
        + "DtpPica 0.004233333333333333 DtpPoint 0.0003527777777777778 PrinterPica 0.004217517640105835 PrinterPoint 0.00035145980351459805 Twip 1.7638888888888888e-5 "
        + "AstronomicalUnit 1.4959787070e11 LightYear 9.46073047258e15 KilolightYear 9.46073047258e18 MegalightYear 9.46073047258e21 Parsec 3.08567758128e16 Kiloparsec 3.08567758128e19 "
        + "Megaparsec 3.08567758128e22 SolarRadius 6.95700e8";

    private const string Masses =
        "Gram 1e-3 Decagram 1e-2 Hectogram 0.1 Kilogram 1 Decigram 1e-4 Centigram 1e-5 Milligram 1e-6 Microgram 1e-9 Nanogram 1e-12 Tonne 1000 Kilotonne 1e6 Megatonne 1e9 Grain 6.479891e-5 "
        + "Ounce 0.028349523125 Pound 0.45359237 Kilopound 453.59237 Megapound 453592.37 Stone 6.35029318 ShortHundredweight 45.359237 LongHundredweight 50.80234544 ShortTon 907.18474 "
        + "LongTon 1016.0469088 Slug 14.593902937206364 EarthMass 5.9722e24 SolarMass 1.98947e30";

    private const string Speeds =
        "MeterPerSecond 1 MeterPerMinute 0.016666666666666666 MeterPerHour 0.0002777777777777778 KilometerPerSecond 1000 KilometerPerMinute 16.666666666666668 KilometerPerHour 0.2777777777777778 "
        + "DecimeterPerSecond 0.1 DecimeterPerMinute 0.0016666666666666668 CentimeterPerSecond 0.01 CentimeterPerMinute 0.00016666666666666666 CentimeterPerHour 2.777777777777778e-6 "
        + "MillimeterPerSecond 1e-3 MillimeterPerMinute 1.6666666666666667e-5 MillimeterPerHour 2.777777777777778e-7 MicrometerPerSecond 1e-6 MicrometerPerMinute 1.6666666666666667e-8 "
        + "NanometerPerSecond 1e-9 NanometerPerMinute 1.6666666666666667e-11 FootPerSecond 0.3048 FootPerMinute 0.00508 FootPerHour 8.466666666666667e-5 InchPerSecond 0.0254 "
        + "InchPerMinute 0.0004233333333333333 InchPerHour 7.055555555555556e-6 YardPerSecond 0.9144 YardPerMinute 0.01524 YardPerHour 0.000254 MilePerHour 0.44704 Knot 0.5144444444444445 "
        + "UsSurveyFootPerSecond 0.3048006096012192 UsSurveyFootPerMinute 0.00508001016002032 UsSurveyFootPerHour 8.4666836000338667e-5";

    private const string Volumes =
        "CubicMeter 1 HectocubicMeter 100 KilocubicMeter 1000 CubicDecimeter 1e-3 CubicCentimeter 1e-6 CubicMillimeter 1e-9 CubicMicrometer 1e-18 CubicHectometer 1e6 CubicKilometer 1e9 "
        + "Liter 1e-3 Decaliter 0.01 Hectoliter 0.1 Kiloliter 1 Megaliter 1000 Deciliter 1e-4 Centiliter 1e-5 Milliliter 1e-6 Microliter 1e-9 CubicInch 1.6387064e-5 CubicFoot 0.028316846592 "
        + "HectocubicFoot 2.8316846592 KilocubicFoot 28.316846592 MegacubicFoot 28316.846592 CubicYard 0.764554857984 CubicMile 4168181825.44058 AcreFoot 1233.48183754752 BoardFoot 0.002359737216 "
        + "UsGallon 0.003785411784 DecausGallon 0.03785411784 HectousGallon 0.3785411784 KilousGallon 3.785411784 MegausGallon 3785.411784 DeciusGallon 0.0003785411784 "
        + "ImperialGallon 0.00454609 KiloimperialGallon 4.54609 MegaimperialGallon 4546.09 ImperialPint 0.00056826125 ImperialOunce 2.84130625e-5 ImperialBeerBarrel 0.16365924 "
        + "UsQuart 0.000946352946 UsPint 0.000473176473 UsOunce 2.95735295625e-5 UsCustomaryCup 0.0002365882365 UsLegalCup 0.00024 UsTablespoon 1.478676478125e-5 UsTeaspoon 4.92892159375e-6 "
        + "UsBeerBarrel 0.117347765304 OilBarrel 0.158987294928 MetricCup 0.00025 MetricTeaspoon 5e-6 AuTablespoon 2e-5 UkTablespoon 1.5e-5";

    public static IEnumerable<KqlFunction> All() =>
    [
        Linear("convert_angle", "An angle", Angles, ("Tilt", tilt => Math.Asin(tilt) * 180 / Math.PI, degrees => Math.Sin(degrees * Math.PI / 180))),
        Linear("convert_energy", "An energy", Energies),
        Linear("convert_force", "A force", Forces),
        Linear("convert_length", "A length", Lengths),
        Linear("convert_mass", "A mass", Masses),
        Linear("convert_speed", "A speed", Speeds),
        Linear(
            "convert_temperature",
            "A temperature",
            "Kelvin 1 DegreeRankine 0.5555555555555556 SolarTemperature 5778",
            ("DegreeCelsius", c => c + 273.15, k => k - 273.15),
            ("MillidegreeCelsius", c => (c / 1000) + 273.15, k => (k - 273.15) * 1000),
            ("DegreeFahrenheit", f => (f + 459.67) * 5 / 9, k => (k * 9 / 5) - 459.67),
            ("DegreeDelisle", d => 373.15 - (d * 2 / 3), k => (373.15 - k) * 3 / 2),
            ("DegreeNewton", n => (n * 100 / 33) + 273.15, k => (k - 273.15) * 33 / 100),
            ("DegreeReaumur", r => (r * 5 / 4) + 273.15, k => (k - 273.15) * 4 / 5),
            ("DegreeRoemer", r => ((r - 7.5) * 40 / 21) + 273.15, k => ((k - 273.15) * 21 / 40) + 7.5)),
        Linear("convert_volume", "A volume", Volumes),
    ];

    private static KqlFunction Linear(string name, string what, string factors, params (string Name, Func<double, double> ToBase, Func<double, double> FromBase)[] curved)
    {
        var words = factors.Split(' ');
        var units = new Dictionary<string, (Func<double, double> ToBase, Func<double, double> FromBase)>(StringComparer.Ordinal);
        for (var i = 0; i < words.Length; i += 2)
        {
            var factor = double.Parse(words[i + 1], CultureInfo.InvariantCulture);
            units.Add(words[i], (x => x * factor, x => x / factor));
        }

        foreach (var unit in curved)
        {
            units.Add(unit.Name, (unit.ToBase, unit.FromBase));
        }

        return new KqlFunction(name, "(value:integer|real, from:text, to:text) -> real", $"{what} in another unit; null for an unknown unit.")
        {
            Managed = a => units.TryGetValue(Conversion.ToText(a[1]), out var from) && units.TryGetValue(Conversion.ToText(a[2]), out var to)
                ? KqlValue.Real(to.FromBase(from.ToBase(a[0].AsReal))) : KqlValue.Null(KqlType.Real),
        };
    }
}
