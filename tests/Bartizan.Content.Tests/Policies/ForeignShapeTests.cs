using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Values;

namespace Bartizan.Content.Tests.Policies;

public sealed class ForeignShapeTests
{
    [Fact]
    public void One_statement_action_and_principal_are_lists_of_one() => Shaped(
        CloudEnvironment.Aws,
        "AWS::S3::BucketPolicy",
        """{"Bucket":"b","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:*","Principal":"*"}}}""",
        """{"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":["s3:*"],"Principal":{"AWS":["*"]},"Principals":["*"],"IsPublic":true}]}}""");

    [Fact]
    public void A_document_kept_as_text_is_read() => Shaped(
        CloudEnvironment.Aws,
        "AWS::ECR::Repository",
        """{"RepositoryPolicyText":"{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":[\"a\",\"b\"],\"Service\":\"c\"}}]}"}""",
        """{"RepositoryPolicyText":{"Statement":[{"Effect":"Deny","Principal":{"AWS":["a","b"],"Service":["c"]},"Principals":["a","b","c"],"IsPublic":false}]}}""");

    [Theory]
    [InlineData("""{"Principal":"*"}""", true)]
    [InlineData("""{"Principal":{"AWS":["arn:aws:iam::111122223333:root"]}}""", false)]
    [InlineData("""{"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}}""", true)]
    [InlineData("""{"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}""", false)]
    [InlineData("""{"Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}""", true)]
    [InlineData("""{"Principal":"*","Condition":{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}}""", true)]
    [InlineData("""{"Principal":"*","Condition":{"StringLike":{"aws:Referer":"https://a.example/*"}}}""", true)]
    [InlineData("""{"Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","0.0.0.0/0"]}}}""", true)]
    public void A_statement_is_public_unless_a_condition_holds_it_to_somebody(string statement, bool isPublic)
    {
        var text = """{"Statement":[{"Effect":"Allow",""" + statement[1..] + "]}";
        var shaped = ForeignShape.Properties(CloudEnvironment.Aws, "AWS::SNS::TopicPolicy", PolicyJson.TryParse(text)!);

        Assert.Equal(isPublic, shaped.Member("Statement").Elements![0].Member("IsPublic").IsTrue);
    }

    [Fact]
    public void What_only_looks_like_a_document_stays() =>
        Shaped(CloudEnvironment.Aws, "AWS::X::Y", """{"Statement":"select 1","Text":"{ \"Statement\" "}""", """{"Statement":"select 1","Text":"{ \"Statement\" "}""");

    [Theory]
    [InlineData("iamPolicy")]
    [InlineData("iam_policy")]
    public void An_asset_is_its_data_with_its_policy(string spelling) => Shaped(
        CloudEnvironment.Gcp,
        "storage.googleapis.com/Bucket",
        """{"name":"n","resource":{"data":{"id":1}},"iamPolicy":{"bindings":[]}}""".Replace("iamPolicy", spelling, StringComparison.Ordinal),
        """{"id":1,"iamPolicy":{"bindings":[]}}""");

    [Theory]
    [InlineData("Pod", """{"spec":{"containers":[{"name":"a"}]}}""")]
    [InlineData("Deployment", """{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}""")]
    [InlineData("CronJob", """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}}}""")]
    [InlineData("PodTemplate", """{"template":{"spec":{"containers":[{"name":"a"}]}}}""")]
    public void A_pod_is_found_in_whatever_makes_it(string kind, string manifest)
    {
        var shaped = ForeignShape.Properties(CloudEnvironment.Kubernetes, "kubernetes/" + kind, PolicyJson.TryParse(manifest)!);

        Assert.Equal("""[{"name":"a"}]""", shaped.Member("podContainers").ToString());
        Assert.Equal("""{"containers":[{"name":"a"}]}""", shaped.Member("podSpec").ToString());
    }

    [Fact]
    public void A_manifest_without_pods_stays() =>
        Shaped(CloudEnvironment.Kubernetes, "kubernetes/Service", """{"spec":{"type":"NodePort"}}""", """{"spec":{"type":"NodePort"}}""");

    private static void Shaped(CloudEnvironment environment, string type, string from, string to) =>
        Assert.Equal(to, ForeignShape.Properties(environment, type, PolicyJson.TryParse(from)!).ToString());
}
