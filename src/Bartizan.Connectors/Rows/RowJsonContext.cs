using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bartizan.Connectors.Rows;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RowJsonContext : JsonSerializerContext;
