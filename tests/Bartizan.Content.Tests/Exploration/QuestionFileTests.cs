using Bartizan.Content.Exploration;
using Bartizan.Foundation.Entities;

namespace Bartizan.Content.Tests.Exploration;

public class QuestionFileTests
{
    private const string Whole = """
        Id: 3f6c9b1e-52a6-4a6f-9b8c-0d3f0c1a7a11
        DisplayName: Hosts it signed in to
        Description: Where the account signed in.
        InputEntityType: Account
        InputFields:
          - Name + NTDomain
          - Sid
        OutputEntityTypes: [ Host ]
        QueryPeriodBefore: 1d
        QueryPeriodAfter: 6h
        DataSources: [ SecurityEvent ]
        Tactics: [ LateralMovement, SecurityEvent ]
        query: |
          SecurityEvent | where TargetUserName =~ '<Name>' | project Host_HostName = Computer | take 10
        """;

    [Fact]
    public void A_question_is_read_with_its_alternatives()
    {
        var file = QuestionFile.Read("q.yaml", Whole);

        Assert.Empty(file.Diagnostics);
        Assert.Equal(EntityKind.Account, file.Question!.InputEntity);
        Assert.Equal([["Name", "NTDomain"], ["Sid"]], file.Question.InputFields);
        Assert.Equal(TimeSpan.FromHours(6), file.Question.PeriodAfter);
        Assert.Equal(["LateralMovement"], file.Question.Tactics);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        var file = QuestionFile.Read("q.yaml", Whole.Replace("InputEntityType: Account\n", "", StringComparison.Ordinal));

        Assert.Null(file.Question);
        Assert.Contains("'InputEntityType' is missing", Assert.Single(file.Diagnostics).ToString(), StringComparison.Ordinal);
    }
}
