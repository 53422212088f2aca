using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Bartizan.Store.Engines.Relational.Migrations;

/// <summary>The first schema. Columns carry no provider's type names: each provider chooses its own for string, int and long.</summary>
[DbContext(typeof(RecordContext))]
[Migration("202611240001_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "records",
            table => new
            {
                kind = table.Column<string>(nullable: false),
                key = table.Column<string>(nullable: false),
                id = table.Column<string>(nullable: false),
                value = table.Column<string>(nullable: false),
                etag = table.Column<string>(nullable: false),
                created_at = table.Column<long>(nullable: false),
                updated_at = table.Column<long>(nullable: false),
                updated_by = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_records", x => new { x.kind, x.key }));
        migrationBuilder.CreateTable(
            "record_fields",
            table => new
            {
                kind = table.Column<string>(nullable: false),
                key = table.Column<string>(nullable: false),
                field = table.Column<string>(nullable: false),
                ordinal = table.Column<int>(nullable: false),
                text = table.Column<string>(nullable: false),
                number = table.Column<long>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_record_fields", x => new { x.kind, x.key, x.field, x.ordinal }));
        migrationBuilder.CreateIndex("record_fields_by_text", "record_fields", ["kind", "field", "text", "key"]);
        migrationBuilder.CreateIndex("record_fields_by_number", "record_fields", ["kind", "field", "number", "key"]);
        migrationBuilder.CreateTable(
            "record_kinds",
            table => new { kind = table.Column<string>(nullable: false), signature = table.Column<string>(nullable: false) },
            constraints: table => table.PrimaryKey("PK_record_kinds", x => x.kind));
        migrationBuilder.CreateTable(
            "sequences",
            table => new { name = table.Column<string>(nullable: false), value = table.Column<long>(nullable: false) },
            constraints: table => table.PrimaryKey("PK_sequences", x => x.name));
        migrationBuilder.CreateTable(
            "audit",
            table => new
            {
                number = table.Column<long>(nullable: false),
                at = table.Column<long>(nullable: false),
                author = table.Column<string>(nullable: false),
                action = table.Column<string>(nullable: false),
                kind = table.Column<string>(nullable: false),
                target = table.Column<string>(nullable: false),
                detail = table.Column<string>(nullable: false),
                hash = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_audit", x => x.number));
        migrationBuilder.CreateIndex("audit_by_time", "audit", "at");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["audit", "sequences", "record_kinds", "record_fields", "records"])
        {
            migrationBuilder.DropTable(table);
        }
    }
}
