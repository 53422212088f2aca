using Bartizan.Foundation.Outcomes;

namespace Bartizan.Kql.Tests.Binding;

public sealed class NameTests
{
    [Theory]
    [InlineData("Logins | take 1", "KS204 Logins", "Did you mean 'Logons'?")]
    [InlineData("Logons | where Usr == 'x'", "KS142 Usr", "Did you mean 'User'?")]
    [InlineData("Logons | extend x = tostrin(1)", "KS211 tostrin", "Did you mean 'tostring'?")]
    [InlineData("Logons | project TimeGenerted", "KS142 TimeGenerted", "Did you mean 'TimeGenerated'?")]
    [InlineData("Logons | evaluate bag_unpak(Detail)", "KS124 bag_unpak", null)]
    [InlineData("Logons | project-away Nothing*", "KS142 Nothing*", null)]
    [InlineData("database('nowhere').T", "KS208 'nowhere'", null)]
    public void An_unknown_name_is_told_with_what_was_probably_meant(string text, string error, string? hint)
    {
        Assert.Equal(error, TestCatalog.Error(text));
        Assert.Equal(hint, TestCatalog.Analyse(text).Error!.Hint);
    }

    [Fact]
    public void All_errors_of_a_query_are_told_at_once()
    {
        var errors = TestCatalog.Analyse("Logons | where Usr == 1 | extend x = nofun(2) | project Hst").Diagnostics;
        Assert.Equal(["KS142", "KS211", "KS142"], errors.Select(e => e.Code));
    }

    [Theory]
    [InlineData("Logons | project a = 1, a = 2", "KS171 a")]
    [InlineData("Logons | project User, User", "KS171 User")]
    [InlineData("Logons | project-rename Host", "KS110 Host")]
    [InlineData("Logons | project-rename User = Host", "KS171 User")]
    [InlineData("let x = 1; let x = 2; print x", "KS201 x")]
    [InlineData("Logons | print 1", "KS175 print")]
    [InlineData("Logons | project now", "KS117 now")]
    public void A_name_that_is_taken_or_misused_is_refused(string text, string error) => Assert.Equal(error, TestCatalog.Error(text));

    [Theory]
    [InlineData("let Logons = print q = 1; Logons", "q:long")]
    [InlineData("let t = 5; Logons | where Code > t | project t", "t:long")]
    [InlineData("let f = (n:long, s:string = 'x') { strcat(s, n) }; print y = f(1), z = f(s = 'q', n = 2)", "y:string, z:string")]
    [InlineData("let f = (T:(User:string)) { T | distinct User }; Logons | invoke f()", "User:string")]
    [InlineData("let f = (T:(*)) { T | where User == 'x' | count }; f(Logons)", "Count:long")]
    [InlineData("let v = view () { Logons | project User }; union v*", "User:string")]
    [InlineData("Logons | as L | join kind=leftsemi (L) on User | project User", "User:string")]
    [InlineData("Recent | project User", "User:string")]
    [InlineData("Recent(3)", "TimeGenerated:datetime, User:string")]
    [InlineData("Logons | invoke Enrich(User) | project Found", "Found:string")]
    [InlineData("arg('').Resources | project id", "id:string")]
    [InlineData("table('Networks') | project Site", "Site:string")]
    [InlineData("database('other').Resources | project id", "id:string")]
    [InlineData("declare query_parameters(user:string = 'x', n:long); Logons | where User == user | take n | project User", "User:string")]
    [InlineData("Logons | extend x = column_ifexists('Nope', 1), y = column_ifexists('User', '') | project x, y", "x:long, y:string")]
    [InlineData("let m = materialize(Logons | project User); union m, m", "User:string")]
    [InlineData("Logons | extend p = pack_all() | project p", "p:dynamic")]
    [InlineData("set query_now = datetime(2024-01-01); Logons | count", "Count:long")]
    [InlineData("union isfuzzy=true Logons, Missing | project User", "User:string")]
    [InlineData("union isfuzzy=true (Logons | project User), (Missing | where a == 1 | project User = tostring(b))", "User:string")]
    [InlineData("macro-expand entity_group [database('main'), database('main')] as D (D.Logons | project User)", "User:string")]
    public void Names_reach_what_they_declare(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(text));

    [Theory]
    [InlineData("let f = (u:string) { toscalar(Logons | where User == u | count) }; Logons | extend n = f(Host)", "KS129 u")]
    [InlineData("let f = (u:string) { let v = strcat(u, 'x'); toscalar(Logons | where User == v | count) }; Logons | extend n = f(Host)", "KS129 v")]
    public void A_table_inside_a_function_does_not_see_the_row_of_the_call(string text, string error) => Assert.Equal(error, TestCatalog.Error(text));

    [Theory]
    [InlineData("let f = (u:string) { let v = strcat(u, 'x'); strcat(v, u) }; Logons | project n = f(Host)", "n:string")]
    [InlineData("let g = (u:string) { strlen(u) }; let f = (u:string) { g(u) + 1 }; Logons | project n = f(Host)", "n:long")]
    [InlineData("let f = (u:string) { toscalar(Logons | where User == u | count) }; Logons | project n = f('x')", "n:long")]
    [InlineData("declare pattern where_is = (name:string)[part:string] { ('a').['b c'] = { print x = 1 }; ('a').['d'] = { print y = 'z' }; }; where_is('a').d", "y:string")]
    [InlineData("range x from 1 to 2 step 1 | partition hint.strategy=legacy by x { Logons | where Code == x | count }", "Count:long")]
    public void A_body_sees_its_arguments(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(text));

    [Fact]
    public void A_watchlist_has_columns_that_only_the_query_names()
    {
        var analysis = TestCatalog.Analyse("_GetWatchlist('vip') | where Owner == 'x' | project SearchKey, Owner");
        Assert.Null(analysis.Error);
        Assert.Equal(["SearchKey", "Owner"], analysis.Shape.Columns.Select(c => c.Name));
    }

    [Theory]
    [InlineData("Loop()", "KS200")]
    [InlineData("Broken()", "KS200")]
    [InlineData("Recent(1, 2)", "KS120")]
    [InlineData("let f = (a:int) { a }; print f()", "KS119")]
    [InlineData("let f = (T:(z:int)) { T }; f(Logons)", "KS249")]
    public void A_call_that_cannot_be_put_in_is_refused(string text, string code) => Assert.Equal(code, TestCatalog.Analyse(text).Error!.Code);

    [Theory]
    [InlineData("print 5 in~ ('a')", "KS107", 6)]
    [InlineData("print 5 has_any ('a')", "KS107", 6)]
    [InlineData("print case(true, 1, false, 2)", "KS121", 6)]
    [InlineData("print bag_pack('a', 1, 'b')", "KS121", 6)]
    [InlineData("print abs(true)", "KS127", 6)]
    [InlineData("print 'a' < 'b'", "KS106", 10)]
    [InlineData("print x = 1 | lookup kind=leftanti (print x = 1) on x", "KS140", 26)]
    public void A_mistake_is_told_where_it_stands(string text, string code, int start)
    {
        var error = TestCatalog.Analyse(text).Error!;
        Assert.Equal((code, start), (error.Code, error.Span.Start));
    }

    [Fact]
    public void A_text_without_a_query_is_accepted_with_a_warning()
    {
        var analysis = TestCatalog.Analyse("let x = 1;");
        Assert.Null(analysis.Error);
        Assert.Contains(analysis.Diagnostics, d => d.Severity == DiagnosticSeverity.Warning);
    }
}
