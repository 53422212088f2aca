using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Hosting;

/// <summary>What the process tells its caller; the help names them.</summary>
internal static class ExitCodes
{
    public const int Stopped = 0;
    public const int Broke = 1;
    public const int WrongUse = 2;
    public const int DataFolder = 3;
    public const int Address = 4;

    public static int Of(Problem problem) => problem.Code switch
    {
        "DataFolderInUse" or "DataFolderNotWritable" or "DataFolderDamaged" or "DiskFull" => DataFolder,
        "AddressInUse" or "AddressUnusable" or "InvalidCertificate" or "CertificateDamaged" => Address,
        _ when problem.Kind == ProblemKind.Invalid => WrongUse,
        _ => Broke,
    };
}
