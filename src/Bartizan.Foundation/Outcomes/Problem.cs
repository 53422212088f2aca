namespace Bartizan.Foundation.Outcomes;

/// <summary>What kind of refusal a <see cref="Problem"/> is; the API maps each to one status code.</summary>
public enum ProblemKind
{
    /// <summary>The request is malformed or breaks a rule (400).</summary>
    Invalid,

    /// <summary>Nobody is signed in (401).</summary>
    Unauthenticated,

    /// <summary>The caller may not do this here (403).</summary>
    Forbidden,

    /// <summary>The thing asked for does not exist, or not for this caller (404).</summary>
    NotFound,

    /// <summary>The thing exists already or is in a state that does not allow this (409).</summary>
    Conflict,

    /// <summary>Somebody else changed the thing since it was read (412).</summary>
    PreconditionFailed,

    /// <summary>The input is larger than a stated limit (413).</summary>
    TooLarge,

    /// <summary>Too much at once; try again later (429).</summary>
    Throttled,

    /// <summary>Not supported here, and said so rather than guessed (501).</summary>
    NotSupported,

    /// <summary>A limit of time, memory or rows was reached while working (504).</summary>
    LimitReached,

    /// <summary>Something this depends on does not answer (503).</summary>
    Unavailable,
}

/// <summary>A refusal that the caller can act on, as a value.</summary>
/// <param name="Code">Stable code in Azure's spelling, such as <c>ResourceNotFound</c>.</param>
/// <param name="Message">What was wrong and how to mend it, in one or two sentences.</param>
/// <param name="Target">The property, parameter or file meant, or null.</param>
public sealed record Problem(ProblemKind Kind, string Code, string Message, string? Target = null)
{
    /// <summary>The diagnostics behind the refusal, when it is about a text.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];
}
