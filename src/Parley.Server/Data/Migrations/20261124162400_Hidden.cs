using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Parley.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class Hidden : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "hidden",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // Those that load tests made before; a person's account always has a password.
            migrationBuilder.Sql("UPDATE accounts SET hidden = 1 WHERE password_hash IS NULL AND name LIKE 'load.%'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "hidden",
                table: "accounts");
        }
    }
}
