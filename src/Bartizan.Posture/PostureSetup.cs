using Bartizan.Content.Packs;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Compliance;
using Bartizan.Posture.Evaluation;
using Bartizan.Posture.Fixes;
using Bartizan.Posture.Governance;
using Bartizan.Posture.Recommendations;
using Bartizan.Posture.SecureScore;
using Bartizan.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bartizan.Posture;

/// <summary>Makes posture known to a host, which runs <see cref="PostureWatch.RunAsync"/>.</summary>
public static class PostureSetup
{
    /// <summary>Needs the store; reads checks and standards from the store's content folder.</summary>
    public static IServiceCollection AddPosture(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(NullLogger<>)));
        services.TryAddSingleton(p => p.GetRequiredService<DataFolder>().Options.ContentFolder is { } folder ? PosturePack.ReadFolder(folder) : PosturePack.Empty);
        services.AddSingleton<PolicyLibrary>();
        services.AddSingleton<AssignmentBook>();
        services.AddSingleton<AssessmentBoard>();
        services.AddSingleton<CustomerAssessments>();
        services.AddSingleton<ScoreBook>();
        services.AddSingleton<ScoreLedger>();
        services.AddSingleton<WhatIf>();
        services.AddSingleton<FindingsWriter>();
        services.AddSingleton<PostureSweep>();
        services.AddSingleton<PostureWatch>();
        services.AddSingleton<RecommendationList>();
        services.AddSingleton<ComplianceBook>();
        services.AddSingleton<PolicyImporter>();
        services.AddSingleton<GovernanceBook>();
        services.AddSingleton<GovernanceRuleBook>();
        services.AddSingleton<OwnerAssigner>();
        services.AddSingleton<GovernanceReport>();
        services.AddSingleton<GovernanceRound>();
        services.AddSingleton<FixProposals>();
        services.AddSingleton<PostureQueries>();
        return services;
    }
}
