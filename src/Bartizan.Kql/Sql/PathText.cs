using System.Globalization;
using System.Text;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Paths into dynamic values, as the engine's JSON functions take them.</summary>
internal static class PathText
{
    /// <summary>The value at the root of a chain of members and constant positions, and the chain as a path; null where it is none.</summary>
    public static (BoundExpression Root, string Path)? Of(BoundExpression expression)
    {
        var steps = new Stack<string>();
        while (true)
        {
            switch (expression)
            {
                case BoundMember member when IsPlain(member.Name):
                    steps.Push($".\"{member.Name}\"");
                    expression = member.Value;
                    continue;
                case BoundIndex { Index: BoundLiteral { Value: int or long } literal } index:
                    var at = Convert.ToInt64(literal.Value, CultureInfo.InvariantCulture);
                    steps.Push(at < 0 ? string.Create(CultureInfo.InvariantCulture, $"[#{at}]") : string.Create(CultureInfo.InvariantCulture, $"[{at}]"));
                    expression = index.Value;
                    continue;
                case BoundIndex { Index: BoundLiteral { Value: string name, Type: KqlType.String } } index when IsPlain(name):
                    steps.Push($".\"{name}\"");
                    expression = index.Value;
                    continue;
            }

            return steps.Count == 0 || expression is BoundMember or BoundIndex ? null : (expression, new StringBuilder("$").AppendJoin("", steps).ToString());
        }
    }

    /// <summary>
    /// Text operators and <c>tostring</c> over a path read the text at once, without the detour over the JSON of it.
    /// </summary>
    public static (IReadOnlyList<SqlArgument> Sql, IReadOnlyList<SqlArgument> Managed) Shorten(
        KqlFunction function, BoundCall call, IReadOnlyList<SqlArgument> arguments, ExpressionWriter writer, Func<PlanColumn, SqlArgument> columns)
    {
        var isText = function.Name is "tostring" or "todatetime" or "totimespan" or "toguid"
            || (arguments.Count > 1 && function.Kind == FunctionKind.Operator && arguments.Skip(1).All(a => a is { IsConstant: true, Type: KqlType.String, Constant: string { Length: > 0 } })
                && (function.Matcher is not null || function.Name is "_equal" or "_in"));
        if (!isText || arguments.Count == 0 || arguments[0].Type != KqlType.Dynamic || arguments[0].IsConstant || Of(call.Arguments[0]) is not { } path
            || writer.Write(path.Root, columns) is not { IsConstant: false, Type: KqlType.Dynamic } root)
        {
            return (arguments, arguments);
        }

        var text = new SqlArgument($"coalesce(json_extract_string({root.Sql}, {SqlText.Text(path.Path)}), '')", KqlType.String);
        IReadOnlyList<SqlArgument> shorter = [text, .. arguments.Skip(1)];
        return (shorter, shorter);
    }

    /// <summary>The text at a path that is made a whole number; where its digits are just those of a number, that is the number.</summary>
    public static string? WholeNumber(BoundCall call, ExpressionWriter writer, Func<PlanColumn, SqlArgument> columns) =>
        call is { Function: "toint" or "tolong", Arguments: [BoundMember or BoundIndex] } && Of(call.Arguments[0]) is { } path
        && FunctionCatalog.ByKey(call.Function)?.Managed is not null
        && writer.Write(path.Root, columns) is { IsConstant: false, Type: KqlType.Dynamic } root
            ? $"json_extract_string({root.Sql}, {SqlText.Text(path.Path)})"
            : null;

    // The engine's path syntax has no escape for these inside quotes.
    private static bool IsPlain(string name) => name.Length > 0 && name.AsSpan().IndexOfAny("\"\\*") < 0 && !name.Any(char.IsControl);
}
