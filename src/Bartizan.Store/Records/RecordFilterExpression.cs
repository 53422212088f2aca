using System.Diagnostics;
using System.Linq.Expressions;
using Bartizan.Store.Engines.Relational;

namespace Bartizan.Store.Records;

/// <summary>Turns filters into predicates that EF Core translates. Each leaf is "key in (index rows that match)", so the index does the work.</summary>
internal static class RecordFilterExpression
{
    public static Expression<Func<RecordRow, bool>> Of(RecordFilter filter, string kind, IQueryable<RecordFieldRow> fields, Func<string, bool> isText)
    {
        switch (filter)
        {
            case RecordFilter.Equal(var field, var value):
                return Indexed(isText(field)
                    ? Rows(field).Where(f => f.Text == value.StoredText)
                    : Rows(field).Where(f => f.Number == value.StoredNumber));
            case RecordFilter.In(var field, var values) when isText(field):
                var texts = values.Select(v => v.StoredText).ToList();
                return Indexed(Rows(field).Where(f => texts.Contains(f.Text)));
            case RecordFilter.In(var field, var values):
                var numbers = values.Select(v => v.StoredNumber).ToList();
                return Indexed(Rows(field).Where(f => numbers.Contains(f.Number)));
            case RecordFilter.Range(var field, var from, var to):
                return Indexed(Between(Rows(field), from, to, isText(field)));
            case RecordFilter.Contains(var field, var text):
                var part = text.ToLowerInvariant();
                return Indexed(Rows(field).Where(f => f.Text.Contains(part)));
            case RecordFilter.StartsWith(var field, var text):
                var start = text.ToLowerInvariant();
                return Indexed(Rows(field).Where(f => f.Text.StartsWith(start)));
            case RecordFilter.EndsWith(var field, var text):
                var end = text.ToLowerInvariant();
                return Indexed(Rows(field).Where(f => f.Text.EndsWith(end)));
            case RecordFilter.Ids(var ids):
                var keys = ids.Select(i => i.ToLowerInvariant()).ToList();
                return r => keys.Contains(r.Key);
            case RecordFilter.Not(var inner):
                var positive = Of(inner, kind, fields, isText);
                return Expression.Lambda<Func<RecordRow, bool>>(Expression.Not(positive.Body), positive.Parameters);
            case RecordFilter.AnyOf(var any):
                return any.Select(f => Of(f, kind, fields, isText)).Aggregate((Expression<Func<RecordRow, bool>>)(r => false), Or);
            default:
                throw new UnreachableException();
        }

        IQueryable<RecordFieldRow> Rows(string field)
        {
            var name = field.ToLowerInvariant();
            return fields.Where(f => f.Kind == kind && f.Field == name);
        }

        static Expression<Func<RecordRow, bool>> Indexed(IQueryable<RecordFieldRow> rows)
        {
            var keys = rows.Select(f => f.Key);
            return r => keys.Contains(r.Key);
        }
    }

    private static IQueryable<RecordFieldRow> Between(IQueryable<RecordFieldRow> rows, RecordValue? from, RecordValue? to, bool isText)
    {
        if (isText)
        {
            rows = rows.Where(f => f.Text != "");
            if (from?.Text is { } least)
            {
                rows = rows.Where(f => string.Compare(f.Text, least) >= 0);
            }

            if (to?.Text is { } bound)
            {
                rows = rows.Where(f => string.Compare(f.Text, bound) < 0);
            }

            return rows;
        }

        var low = from?.Number ?? RecordFieldRow.AbsentNumber + 1;
        rows = rows.Where(f => f.Number >= low);
        if (to?.Number is { } high)
        {
            rows = rows.Where(f => f.Number < high);
        }

        return rows;
    }

    private static Expression<Func<RecordRow, bool>> Or(Expression<Func<RecordRow, bool>> left, Expression<Func<RecordRow, bool>> right)
    {
        var body = new Renamed(right.Parameters[0], left.Parameters[0]).Visit(right.Body);
        return Expression.Lambda<Func<RecordRow, bool>>(Expression.OrElse(left.Body, body), left.Parameters);
    }

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
