using System.Net;
using System.Text;
using Bartizan.Response.Playbooks.Expressions;

namespace Bartizan.Response.Playbooks;

/// <summary>Rows as a table in HTML or CSV; values never become markup.</summary>
internal static class TableText
{
    public static string Write(string format, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        switch (format.ToUpperInvariant())
        {
            case "CSV":
                foreach (var row in rows.Prepend(headers))
                {
                    text.AppendJoin(',', row.Select(Quoted)).Append("\r\n");
                }

                return text.ToString();
            case "HTML":
                text.Append("<table><thead><tr>").AppendJoin("", headers.Select(h => $"<th>{WebUtility.HtmlEncode(h)}</th>")).Append("</tr></thead><tbody>");
                foreach (var row in rows)
                {
                    text.Append("<tr>").AppendJoin("", row.Select(c => $"<td>{WebUtility.HtmlEncode(c)}</td>")).Append("</tr>");
                }

                return text.Append("</tbody></table>").ToString();
            default:
                throw new ExpressionException($"A table is written as HTML or CSV, not as '{format}'.");
        }
    }

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
