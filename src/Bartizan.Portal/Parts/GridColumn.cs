using Microsoft.AspNetCore.Components;

namespace Bartizan.Portal.Parts;

/// <summary>A column of a <see cref="PortalGrid{T}"/>.</summary>
/// <param name="Width">In pixels; null takes what is left.</param>
/// <param name="YieldsBelow">Goes away where the list is narrower than this, 700 or 1000 pixels, so that the column without a width keeps its room; 0 stays.</param>
/// <param name="Sort">What the server calls the order by this column, or null if it cannot sort by it.</param>
public sealed record GridColumn<T>(string Title, RenderFragment<T> Cell, int? Width = null, bool IsNumber = false, string? Sort = null, int YieldsBelow = 0);

/// <summary>The order of a list, by the server's name of it.</summary>
public sealed record GridOrder(string By, bool IsDescending)
{
    public override string ToString() => IsDescending ? $"{By} desc" : By;

    public static GridOrder? Parse(string? text)
    {
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : new GridOrder(words[0], words.Length > 1 && words[1] == "desc");
    }
}
