using System.Text.Json.Serialization;

namespace Bartizan.Store.Ingestion;

[JsonSerializable(typeof(string))]
internal sealed partial class IngestionJson : JsonSerializerContext;
