using Bartizan.Policy.Values;

namespace Bartizan.Content.Policies;

/// <summary>Whether a statement of a policy document lets in callers that nobody named.</summary>
internal static class AwsPrincipals
{
    /// <summary>Keys of conditions that hold a caller to one account, network, organisation or resource, as AWS counts them when it says "public".</summary>
    private static readonly HashSet<string> Narrowing = new(StringComparer.OrdinalIgnoreCase)
    {
        "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceAccount", "aws:SourceArn", "aws:SourceIp",
        "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpce", "aws:userid", "aws:VpcSourceIp", "kms:CallerAccount",
        "s3:DataAccessPointAccount", "s3:DataAccessPointArn",
    };

    private static readonly string[] Operators = ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress", "ForAnyValue:StringEquals", "ForAnyValue:StringLike"];

    public static bool IsPublic(PolicyValue statement, PolicyValue principals) =>
        "Allow".Equals(statement.Member("Effect").AsText, StringComparison.OrdinalIgnoreCase)
        && (!statement.Member("NotPrincipal").IsUndefined || principals.Elements!.Any(p => p.AsText?.Contains('*', StringComparison.Ordinal) == true))
        && !IsNarrowed(statement.Member("Condition"));

    private static bool IsNarrowed(PolicyValue condition) =>
        ForeignShape.Members(condition)
            .Where(o => Operators.Contains(o.Name, StringComparer.OrdinalIgnoreCase))
            .SelectMany(o => ForeignShape.Members(o.Value))
            .Any(k => Narrowing.Contains(k.Name) && (k.Value.Elements ?? [k.Value]).All(v => v.AsText is not ("*" or "0.0.0.0/0" or "::/0")));
}
