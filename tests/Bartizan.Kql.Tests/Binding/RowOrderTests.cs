namespace Bartizan.Kql.Tests.Binding;

public sealed class RowOrderTests
{
    [Theory]
    [InlineData("Logons | extend p = prev(User)")]
    [InlineData("Logons | summarize count() by User | extend n = row_number()")]
    [InlineData("Logons | join kind=inner Logons on User | where next(User) == 'a'")]
    [InlineData("Logons | sort by User | union Logons | project row_cumsum(Code)")]
    public void A_function_over_neighbours_is_refused_where_rows_have_no_order(string text) =>
        Assert.Equal("BZ2004", TestCatalog.Analyse(text).Error?.Code);

    [Theory]
    [InlineData("Logons | sort by User asc | extend p = prev(User)")]
    [InlineData("Logons | sort by User asc | where Code > 1 | project-away Detail | take 5 | extend n = row_number()")]
    [InlineData("Logons | serialize | extend n = row_number()")]
    [InlineData("Logons | serialize n = row_number()")]
    [InlineData("Logons | top 5 by Code | extend n = row_number()")]
    [InlineData("range x from 1 to 5 step 1 | extend n = next(x)")]
    [InlineData("let f = (T:(User:string)) { T | extend p = prev(User) }; Logons | sort by User asc | invoke f()")]
    public void A_function_over_neighbours_stands_behind_an_order(string text) => Assert.Null(TestCatalog.Analyse(text).Error);
}
