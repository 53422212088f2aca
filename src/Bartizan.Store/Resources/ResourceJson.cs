using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bartizan.Store.Resources;

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class ResourceJson : JsonSerializerContext;
