namespace Bartizan.Kql.Tests.Binding;

public sealed class GraphTests
{
    private const string Graph = "let E = datatable(s:string, t:string, w:long)[]; let N = datatable(id:string, kind:string)[]; E | make-graph s --> t with N on id | ";

    [Theory]
    [InlineData("graph-match (a)-[e]->(b) where a.kind == 'x' and e.w > 1 project a.id, Weight = e.w, b.kind", "a_id:string, Weight:long, b_kind:string")]
    [InlineData("graph-match (a)-[e*1..3]->(b) where all(e, w > 1) project a.id, ws = e.w", "a_id:string, ws:dynamic")]
    [InlineData("graph-shortest-paths (a)-[e*1..5]->(b) project a.id, b.id", "a_id:string, b_id:string")]
    [InlineData("graph-to-table nodes", "id:string, kind:string")]
    [InlineData("graph-to-table edges with_source_id=x", "x:long, s:string, t:string, w:long")]
    [InlineData("graph-mark-components with_component_id=g | graph-to-table nodes", "id:string, kind:string, g:long")]
    [InlineData("graph-where-nodes kind == 'x' | graph-to-table nodes", "id:string, kind:string")]
    public void Patterns_and_tables_of_a_graph_have_their_columns(string text, string columns) => Assert.Equal(columns, TestCatalog.Columns(Graph + text));

    [Theory]
    [InlineData("Logons | graph-match (a)-->(b) project a.x", "KS219 graph-match")]
    [InlineData("Logons | make-graph Detail --> User | graph-to-table edges", "KS240 Detail")]
    public void What_is_no_graph_is_refused(string text, string error) => Assert.Equal(error, TestCatalog.Error(text));

    [Fact]
    public void A_property_that_no_node_has_is_refused() => Assert.Equal("KS142 nope", TestCatalog.Error(Graph + "graph-match (a)-[e]->(b) project a.nope"));
}
