using Microsoft.EntityFrameworkCore;

namespace Bartizan.Store.Engines.Relational;

/// <summary>The state's tables. The model names no provider's types, so that one set of migrations serves SQLite and PostgreSQL.</summary>
internal sealed class RecordContext(DbContextOptions<RecordContext> options) : DbContext(options)
{
    public DbSet<RecordRow> Records => Set<RecordRow>();

    public DbSet<RecordFieldRow> Fields => Set<RecordFieldRow>();

    public DbSet<RecordKindRow> Kinds => Set<RecordKindRow>();

    public DbSet<SequenceRow> Sequences => Set<SequenceRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RecordRow>(row =>
        {
            row.ToTable("records").HasKey(r => new { r.Kind, r.Key });
            row.Property(r => r.Kind).HasColumnName("kind");
            row.Property(r => r.Key).HasColumnName("key");
            row.Property(r => r.Id).HasColumnName("id").IsRequired();
            row.Property(r => r.Value).HasColumnName("value");
            row.Property(r => r.ETag).HasColumnName("etag").IsConcurrencyToken();
            row.Property(r => r.CreatedAt).HasColumnName("created_at");
            row.Property(r => r.UpdatedAt).HasColumnName("updated_at");
            row.Property(r => r.UpdatedBy).HasColumnName("updated_by");
        });
        modelBuilder.Entity<RecordFieldRow>(row =>
        {
            row.ToTable("record_fields").HasKey(r => new { r.Kind, r.Key, r.Field, r.Ordinal });
            row.Property(r => r.Kind).HasColumnName("kind");
            row.Property(r => r.Key).HasColumnName("key");
            row.Property(r => r.Field).HasColumnName("field");
            row.Property(r => r.Ordinal).HasColumnName("ordinal");
            row.Property(r => r.Text).HasColumnName("text");
            row.Property(r => r.Number).HasColumnName("number");
            row.HasIndex(r => new { r.Kind, r.Field, r.Text, r.Key }).HasDatabaseName("record_fields_by_text");
            row.HasIndex(r => new { r.Kind, r.Field, r.Number, r.Key }).HasDatabaseName("record_fields_by_number");
        });
        modelBuilder.Entity<RecordKindRow>(row =>
        {
            row.ToTable("record_kinds").HasKey(r => r.Kind);
            row.Property(r => r.Kind).HasColumnName("kind");
            row.Property(r => r.Signature).HasColumnName("signature");
        });
        modelBuilder.Entity<SequenceRow>(row =>
        {
            row.ToTable("sequences").HasKey(r => r.Name);
            row.Property(r => r.Name).HasColumnName("name");
            row.Property(r => r.Value).HasColumnName("value");
        });
        modelBuilder.Entity<AuditRow>(row =>
        {
            row.ToTable("audit").HasKey(r => r.Number);
            row.Property(r => r.Number).HasColumnName("number").ValueGeneratedNever();
            row.Property(r => r.At).HasColumnName("at");
            row.Property(r => r.Author).HasColumnName("author");
            row.Property(r => r.Action).HasColumnName("action");
            row.Property(r => r.Kind).HasColumnName("kind");
            row.Property(r => r.Target).HasColumnName("target");
            row.Property(r => r.Detail).HasColumnName("detail");
            row.Property(r => r.Hash).HasColumnName("hash");
            row.HasIndex(r => r.At).HasDatabaseName("audit_by_time");
        });
    }
}
