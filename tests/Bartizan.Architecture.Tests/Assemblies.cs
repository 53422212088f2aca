using Bartizan.Testing;
using Mono.Cecil;

namespace Bartizan.Architecture.Tests;

/// <summary>The compiled rooms, read with Cecil: which types there are, in which folder, and what each of them names.</summary>
internal static class Assemblies
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["Server"] = "bartizan-server",
        ["Cli"] = "bartizan",
        ["Agent"] = "bartizan-agent",
    };

    public static ModuleDefinition Read(string room)
    {
        var configuration = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^1];
        var file = Names.GetValueOrDefault(room, $"Bartizan.{room}") + ".dll";
        return ModuleDefinition.ReadModule(Path.Combine(RepositoryRoot.Path, "artifacts", "bin", $"Bartizan.{room}", configuration, file));
    }

    public static IEnumerable<TypeDefinition> Types(ModuleDefinition module) =>
        module.Types.Where(t => !t.Name.StartsWith('<') && t.Namespace.StartsWith("Bartizan.", StringComparison.Ordinal));

    /// <summary>The folder a type lives in, below its room: <c>Bartizan.Kql.Sql.DuckDb</c> is <c>Sql</c>; the room itself is "".</summary>
    public static string Folder(string room, string ns)
    {
        var prefix = $"Bartizan.{room}";
        return ns.Length <= prefix.Length ? "" : ns[(prefix.Length + 1)..].Split('.')[0];
    }

    /// <summary>Every type reference that the type's declaration and code make, its nested types included.</summary>
    public static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        foreach (var nested in type.NestedTypes.SelectMany(References))
        {
            yield return nested;
        }

        var direct = new List<TypeReference?> { type.BaseType };
        direct.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        direct.AddRange(type.Fields.Select(f => f.FieldType));
        direct.AddRange(type.Properties.Select(p => p.PropertyType));
        foreach (var method in type.Methods)
        {
            direct.Add(method.ReturnType);
            direct.AddRange(method.Parameters.Select(p => p.ParameterType));
            if (method.HasBody)
            {
                direct.AddRange(method.Body.Variables.Select(v => v.VariableType));
                foreach (var instruction in method.Body.Instructions)
                {
                    switch (instruction.Operand)
                    {
                        case MethodReference m:
                            direct.Add(m.DeclaringType);
                            direct.Add(m.ReturnType);
                            direct.AddRange(m.Parameters.Select(p => p.ParameterType));
                            if (m is GenericInstanceMethod g)
                            {
                                direct.AddRange(g.GenericArguments);
                            }

                            break;
                        case FieldReference f:
                            direct.Add(f.DeclaringType);
                            direct.Add(f.FieldType);
                            break;
                        case TypeReference t:
                            direct.Add(t);
                            break;
                    }
                }
            }
        }

        foreach (var reference in direct.OfType<TypeReference>().SelectMany(Unfold))
        {
            yield return reference;
        }
    }

    private static IEnumerable<TypeReference> Unfold(TypeReference reference)
    {
        switch (reference)
        {
            case GenericInstanceType generic:
                return generic.GenericArguments.SelectMany(Unfold).Append(generic.ElementType);
            case FunctionPointerType pointer:
                return pointer.Parameters.Select(p => p.ParameterType).Append(pointer.ReturnType).SelectMany(Unfold);
            case TypeSpecification specification:
                return Unfold(specification.ElementType);
            case GenericParameter:
                return [];
            default:
                return [reference];
        }
    }
}
