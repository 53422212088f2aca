using Bartizan.Content.Exploration;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Catalog;

namespace Bartizan.Investigation.Exploration;

/// <summary>Whether a question can be asked of an entity, and if not, what is missing.</summary>
public sealed record QuestionOffer(QuestionDefinition Question, string? WhyNot)
{
    public bool IsAvailable => WhyNot is null;
}

/// <summary>The exploration questions that are known: those under <c>content/exploration</c>.</summary>
public sealed class QuestionLibrary
{
    private readonly TableCatalog catalog;
    private readonly List<QuestionDefinition> questions = [];
    private readonly List<FileDiagnostic> diagnostics = [];

    public QuestionLibrary(string? folder, TableCatalog catalog)
    {
        this.catalog = catalog;
        foreach (var file in folder is null ? [] : QuestionFile.ReadFolder(folder))
        {
            diagnostics.AddRange(file.Diagnostics);
            if (file.Question is { } question && questions.TrueForAll(q => q.Id != question.Id))
            {
                questions.Add(question);
            }
        }
    }

    public IReadOnlyList<QuestionDefinition> All => questions;

    public IReadOnlyList<FileDiagnostic> Diagnostics => diagnostics;

    public QuestionDefinition? Find(Guid id) => questions.Find(q => q.Id == id);

    /// <summary>What may be asked of an entity, the possible questions first.</summary>
    public IReadOnlyList<QuestionOffer> For(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return [.. questions.Where(q => q.InputEntity == entity.Kind)
            .Select(q => new QuestionOffer(q, WhyNot(q, entity)))
            .OrderByDescending(o => o.IsAvailable).ThenBy(o => o.Question.DisplayName, StringComparer.Ordinal)];
    }

    private string? WhyNot(QuestionDefinition question, Entity entity)
    {
        if (question.DataSources.FirstOrDefault(t => catalog.Find(t) is null) is { } table)
        {
            return $"There is no table {table} here.";
        }

        return question.InputFields.Count == 0 || question.InputFields.Any(set => set.All(f => QuestionText.ValueOf(entity, f).Length > 0))
            ? null
            : $"It needs {string.Join(" or ", question.InputFields.Select(set => string.Join(" with ", set)))} to be known.";
    }
}
