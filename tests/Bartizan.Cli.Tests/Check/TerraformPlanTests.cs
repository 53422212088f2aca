namespace Bartizan.Cli.Tests.Check;

public sealed class TerraformPlanTests
{
    private const string Plan = """
        {"format_version": "1.2", "terraform_version": "1.9.0",
         "planned_values": {"root_module": {
           "resources": [
             {"address": "aws_s3_bucket.data", "mode": "managed", "type": "aws_s3_bucket", "name": "data", "values": {"bucket": "kh-data"}},
             {"address": "aws_s3_bucket_versioning.data", "mode": "managed", "type": "aws_s3_bucket_versioning", "name": "data", "values": {"versioning_configuration": [{"status": "Enabled"}]}},
             {"address": "aws_security_group.web", "mode": "managed", "type": "aws_security_group", "name": "web", "values": {"name": "web", "ingress": [{"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], "from_port": 22, "to_port": 22, "protocol": "tcp"}]}},
             {"address": "aws_ebs_volume.v", "mode": "managed", "type": "aws_ebs_volume", "name": "v", "values": {"size": 1}},
             {"address": "aws_batch_queue.q", "mode": "managed", "type": "aws_batch_queue", "name": "q", "values": {}},
             {"address": "azurerm_storage_account.s", "mode": "managed", "type": "azurerm_storage_account", "name": "s", "values": {"name": "khs", "https_traffic_only_enabled": false, "public_network_access_enabled": true, "primary_access_key": "c2VjcmV0c2VjcmV0"}, "sensitive_values": {"primary_access_key": true}}],
           "child_modules": [{"address": "module.a", "resources": [{"address": "module.a.aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "values": {"name": "q", "sqs_managed_sse_enabled": true}}]}]}},
         "resource_changes": [{"address": "aws_ebs_volume.v", "change": {"after_unknown": {"encrypted": true}}}],
         "configuration": {"root_module": {"resources": [{"address": "aws_s3_bucket_versioning.data", "expressions": {"bucket": {"references": ["aws_s3_bucket.data.id", "aws_s3_bucket.data"]}}}]}}}
        """;

    [Theory]
    [InlineData("aws-s3-versioning", "aws_s3_bucket.data", "Passed")]
    [InlineData("aws-s3-block-public-access", "aws_s3_bucket.data", "Failed")]
    [InlineData("aws-sg-no-ssh", "aws_security_group.web", "Failed")]
    [InlineData("aws-sg-no-rdp", "aws_security_group.web", "Passed")]
    [InlineData("aws-ebs-encrypted", "aws_ebs_volume.v", "Unknown")]
    [InlineData("aws-sqs-encrypted", "module.a.aws_sqs_queue.q", "Passed")]
    [InlineData("storage-secure-transfer", "azurerm_storage_account.s", "Failed")]
    [InlineData("storage-private-link", "azurerm_storage_account.s", "Unknown")]
    public void Planned_resources_are_judged_where_their_shape_says_enough(string check, string resource, string state)
    {
        using var run = new CheckRun();

        Assert.Equal(state, run.State("plan.json", Plan, check, resource));
    }

    [Fact]
    public void A_type_without_a_shape_is_named()
    {
        var file = CheckRun.Read("plan.json", Plan);

        Assert.Equal("aws_batch_queue.q", Assert.Single(file.LeftOut).Address);
        Assert.Contains("c2VjcmV0c2VjcmV0", file.Secrets);
    }
}
