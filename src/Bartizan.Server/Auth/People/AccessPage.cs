using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace Bartizan.Server.Auth.People;

/// <summary>The few pages that come before the portal: plain forms without a script, in the portal's colours.</summary>
internal sealed class AccessPage(string title)
{
    private readonly StringBuilder body = new();

    private static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    public AccessPage Paragraph(string text)
    {
        body.Append("<p>").Append(Text(text)).Append("</p>");
        return this;
    }

    public AccessPage Warning(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            body.Append("<p class=\"access-problem\" role=\"alert\">").Append(Text(text)).Append("</p>");
        }

        return this;
    }

    /// <summary>Something that went well.</summary>
    public AccessPage Notice(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            body.Append("<p class=\"access-notice\" role=\"status\">").Append(Text(text)).Append("</p>");
        }

        return this;
    }

    public AccessPage Heading(string text)
    {
        body.Append("<h2>").Append(Text(text)).Append("</h2>");
        return this;
    }

    public AccessPage Link(string path, string text)
    {
        body.Append("<p><a href=\"").Append(Text(path)).Append("\">").Append(Text(text)).Append("</a></p>");
        return this;
    }

    /// <summary>Something to be typed or kept, letter by letter.</summary>
    public AccessPage Code(string text)
    {
        body.Append("<pre class=\"access-code\" tabindex=\"0\">").Append(Text(text)).Append("</pre>");
        return this;
    }

    /// <param name="svg">Markup of ours, never of a user.</param>
    public AccessPage Picture(string svg, string label)
    {
        body.Append("<div class=\"access-picture\" role=\"img\" aria-label=\"").Append(Text(label)).Append("\">").Append(svg).Append("</div>");
        return this;
    }

    public AccessPage Form(HttpContext context, IAntiforgery antiforgery, string action, string submit, params IReadOnlyList<AccessField> fields)
    {
        var token = antiforgery.GetAndStoreTokens(context);
        body.Append("<form method=\"post\" action=\"").Append(Text(action)).Append("\">")
            .Append("<input type=\"hidden\" name=\"").Append(Text(token.FormFieldName)).Append("\" value=\"").Append(Text(token.RequestToken)).Append("\">");
        foreach (var field in fields)
        {
            field.Write(body);
        }

        body.Append("<button type=\"submit\" class=\"button primary\">").Append(Text(submit)).Append("</button></form>");
        return this;
    }

    public IResult Show(int status = StatusCodes.Status200OK) => Results.Content(
        $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)} · Bartizan</title>
        <script src="/_content/Bartizan.Portal/dist/theme-boot.js"></script>
        <link rel="stylesheet" href="/_content/Bartizan.Portal/dist/tokens.css"><link rel="stylesheet" href="/_content/Bartizan.Portal/dist/portal.css">
        <link rel="icon" type="image/svg+xml" href="/_content/Bartizan.Portal/bartizan.svg"></head>
        <body class="access"><main class="access-card"><img src="/_content/Bartizan.Portal/bartizan.svg" alt="" width="40" height="40"><h1>{Text(title)}</h1>{body}</main></body></html>
        """,
        "text/html; charset=utf-8",
        Encoding.UTF8,
        status);
}

/// <summary>One field of a form; a hidden one has no label.</summary>
internal sealed record AccessField(string Name, string? Label, string Type = "text", string? Value = null, string? AutoComplete = null, string? Note = null, bool IsOptional = false)
{
    public static AccessField Hidden(string name, string? value) => new(name, null, "hidden", value);

    public void Write(StringBuilder html)
    {
        static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");
        if (Label is null)
        {
            html.Append("<input type=\"hidden\" name=\"").Append(Text(Name)).Append("\" value=\"").Append(Text(Value)).Append("\">");
            return;
        }

        html.Append("<label class=\"access-field\"><span>").Append(Text(Label)).Append("</span><input name=\"").Append(Text(Name)).Append("\" type=\"").Append(Text(Type))
            .Append("\" value=\"").Append(Text(Value)).Append("\" autocomplete=\"").Append(Text(AutoComplete ?? "off")).Append('"')
            .Append(IsOptional ? "" : " required").Append('>');
        if (Note is not null)
        {
            html.Append("<small>").Append(Text(Note)).Append("</small>");
        }

        html.Append("</label>");
    }
}
