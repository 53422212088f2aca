using Bartizan.Foundation.Outcomes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bartizan.Content.Documents;

/// <summary>
/// The first document of a YAML text as a tree. Works on the parser's events with its own stack: depth is bounded and
/// aliases cannot unfold without end.
/// </summary>
internal static class YamlSource
{
    public static (SourceNode? Root, Diagnostic? Error) Read(string text)
    {
        var (roots, error) = ReadAll(text, onlyFirst: true);
        return (roots.Count > 0 ? roots[0] : null, error);
    }

    /// <summary>The roots of all documents; one that holds nothing has none.</summary>
    public static (IReadOnlyList<SourceNode> Roots, Diagnostic? Error) ReadAll(string text) => ReadAll(text, onlyFirst: false);

    private static (IReadOnlyList<SourceNode> Roots, Diagnostic? Error) ReadAll(string text, bool onlyFirst)
    {
        var roots = new List<SourceNode>();
        var building = new Stack<Container>();
        var anchors = new Dictionary<string, (SourceNode Node, int Size)>(StringComparer.Ordinal);
        var nodes = 0;
        try
        {
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            while (parser.MoveNext())
            {
                switch (parser.Current)
                {
                    case Scalar scalar:
                        nodes++;
                        Close(new SourceScalar(scalar.Value, scalar.Style != ScalarStyle.Plain, SpanOf(scalar)) { Tag = TagOf(scalar) }, scalar.Anchor, 1);
                        break;
                    case AnchorAlias alias:
                        if (!anchors.TryGetValue(alias.Value.Value, out var anchored))
                        {
                            return ([], At(alias.Start, $"The alias *{alias.Value} stands for nothing defined above it."));
                        }

                        nodes += anchored.Size;
                        Close(anchored.Node, default, anchored.Size);
                        break;
                    case SequenceStart start:
                        building.Push(new Container(start.Start, start.Anchor, nodes++, false, TagOf(start)));
                        break;
                    case MappingStart start:
                        building.Push(new Container(start.Start, start.Anchor, nodes++, true, TagOf(start)));
                        break;
                    case SequenceEnd or MappingEnd:
                        var done = building.Pop();
                        Close(done.ToNode(parser.Current.End), done.Anchor, nodes - done.NodesBefore);
                        break;
                    case DocumentEnd when onlyFirst:
                        return (roots, null);
                    case DocumentEnd:
                        anchors.Clear();
                        break;
                }

                if (building.Count > SourceDocument.MaxDepth || nodes > SourceDocument.MaxNodes)
                {
                    return ([], At(parser.Current!.Start, building.Count > SourceDocument.MaxDepth
                        ? $"Values are nested deeper than {SourceDocument.MaxDepth} levels."
                        : $"The document unfolds to more than {SourceDocument.MaxNodes:N0} values."));
                }
            }

            return (roots, null);
        }
        catch (YamlException e)
        {
            return ([], At(e.Start, "This is not well-formed YAML: " + e.Message.TrimEnd('.') + "."));
        }

        void Close(SourceNode node, AnchorName anchor, int size)
        {
            if (!anchor.IsEmpty)
            {
                anchors[anchor.Value] = (node, size);
            }

            if (building.TryPeek(out var parent))
            {
                parent.Add(node);
            }
            else
            {
                roots.Add(node);
            }
        }
    }

    private static Diagnostic At(Mark mark, string message) => Diagnostic.Error("BC002", new TextSpan((int)mark.Index, 0), message);

    private static string? TagOf(NodeEvent node) => !node.Tag.IsEmpty && node.Tag.Value is ['!', _, ..] tag ? tag : null;

    private static TextSpan SpanOf(ParsingEvent e) => TextSpan.FromBounds((int)e.Start.Index, (int)e.End.Index);

    private sealed class Container(Mark start, AnchorName anchor, int nodesBefore, bool isMap, string? tag)
    {
        private readonly List<SourceNode> items = [];
        private readonly List<SourceEntry> entries = [];
        private SourceNode? key;

        public AnchorName Anchor => anchor;

        public int NodesBefore => nodesBefore;

        public void Add(SourceNode node)
        {
            if (!isMap)
            {
                items.Add(node);
            }
            else if (key is null)
            {
                key = node;
            }
            else
            {
                entries.Add(new SourceEntry(key is SourceScalar scalar ? scalar.Text : "", key.Span, node));
                key = null;
            }
        }

        public SourceNode ToNode(Mark end)
        {
            var span = TextSpan.FromBounds((int)start.Index, (int)end.Index);
            return isMap ? new SourceMap(entries, span) { Tag = tag } : new SourceList(items, span) { Tag = tag };
        }
    }
}
