namespace Bartizan.Cli.Tests.Check;

public sealed class CloudFormationTemplateTests
{
    [Fact]
    public void Short_and_long_forms_are_the_same()
    {
        const string yaml = """
            Parameters:
              Env: {Type: String, Default: prod}
            Mappings:
              Sizes: {prod: {Days: 30}}
            Conditions:
              IsProd: !Equals [!Ref Env, prod]
              IsTest: !Not [!Condition IsProd]
            Resources:
              A:
                Type: AWS::X::Y
                Properties:
                  Name: !Sub "${Env}-${AWS::Region}-${!Literal}"
                  Days: !FindInMap [Sizes, !Ref Env, Days]
                  Gone: !Ref "AWS::NoValue"
                  Joined: !Join [":", [arn, !Ref "AWS::Partition"]]
                  Chosen: !If [IsProd, "yes", "no"]
                  Picked: !Select [1, !Split [",", "a,b"]]
                  Other: !GetAtt B.Arn
                  Far: !GetAtt B.Size
              B: {Type: AWS::X::Y, Condition: IsTest}
            """;
        const string json = """
            {"Parameters": {"Env": {"Type": "String", "Default": "prod"}}, "Mappings": {"Sizes": {"prod": {"Days": 30}}},
             "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "IsTest": {"Fn::Not": [{"Condition": "IsProd"}]}},
             "Resources": {"A": {"Type": "AWS::X::Y", "Properties": {
               "Name": {"Fn::Sub": "${Env}-${AWS::Region}-${!Literal}"}, "Days": {"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "Days"]}, "Gone": {"Ref": "AWS::NoValue"},
               "Joined": {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}]]}, "Chosen": {"Fn::If": ["IsProd", "yes", "no"]},
               "Picked": {"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "Other": {"Fn::GetAtt": ["B", "Arn"]}, "Far": {"Fn::GetAtt": ["B", "Size"]}}},
              "B": {"Type": "AWS::X::Y", "Condition": "IsTest"}}}
            """;
        const string expected = """{"Name":"prod-${Ref AWS::Region}-${Literal}","Days":30,"Joined":"arn:aws","Chosen":"yes","Picked":"b","Other":"${B.Arn}","Far":{"$unresolved":"GetAtt B.Size"}}""";

        foreach (var text in new[] { yaml, json })
        {
            Assert.Equal(expected, Assert.Single(CheckRun.Read("t", text).Resources).Resource.Root.Member("properties").ToString());
        }
    }

    [Fact]
    public void A_given_parameter_counts_before_its_default()
    {
        var file = CheckRun.Read("t", "Parameters: {P: {Type: String, Default: a}}\nResources: {R: {Type: AWS::X::Y, Properties: {V: !Ref P}}}", ("P", "\"b\""));

        Assert.Equal("b", file.Resources[0].Resource.Root.Member("properties").Member("V").AsText);
    }

    [Fact]
    public void Conditions_that_ask_for_each_other_are_not_known() =>
        Assert.Single(CheckRun.Read("t", "Conditions: {A: !Condition B, B: !Condition A}\nResources: {R: {Type: AWS::X::Y, Condition: A}}").Resources);

    [Fact]
    public void Serverless_resources_are_left_out_and_said_so() =>
        Assert.Contains("transform", Assert.Single(CheckRun.Read("t", "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: 'AWS::Serverless::Function'}}").LeftOut).Reason, StringComparison.Ordinal);

    [Fact]
    public void Texts_that_double_each_other_stay_within_bounds()
    {
        var value = "{\"Ref\": \"P\"}";
        for (var i = 0; i < 18; i++)
        {
            value = "{\"Fn::Sub\": [\"${a}${a}${a}${a}\", {\"a\": " + value + "}]}";
        }

        var file = CheckRun.Read("t", "{\"Resources\": {\"R\": {\"Type\": \"AWS::X::Y\", \"Properties\": {\"V\": " + value + "}}}}");

        Assert.Single(file.Resources);
    }

    [Fact]
    public void A_verdict_that_hangs_on_an_open_value_waits()
    {
        using var run = new CheckRun();
        const string text = """
            Parameters: {Encrypt: {Type: String}}
            Resources:
              V: {Type: 'AWS::EC2::Volume', Properties: {Encrypted: !Ref Encrypt}}
              W: {Type: 'AWS::EC2::Volume', Properties: {Size: 1}}
            """;

        Assert.Equal("Unknown", run.State("a.yaml", text, "aws-ebs-encrypted", "V"));
        Assert.Equal("Failed", run.State("a.yaml", text, "aws-ebs-encrypted", "W"));
    }

    [Fact]
    public void A_reference_is_there_whatever_it_is()
    {
        using var run = new CheckRun();

        Assert.Equal("Passed", run.State("a.yaml", "Resources: {K: {Type: 'AWS::KMS::Key'}, S: {Type: 'AWS::SecretsManager::Secret', Properties: {KmsKeyId: !Ref K}}}", "aws-secret-rotation-key", "S"));
    }
}
