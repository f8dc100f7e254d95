-- DropForeignKey
ALTER TABLE "Team" DROP CONSTRAINT "Team_lead_fkey";

-- DropForeignKey
ALTER TABLE "Member" DROP CONSTRAINT "Member_teamId_fkey";

-- DropForeignKey
ALTER TABLE "Note" DROP CONSTRAINT "Note_x_y_fkey";

-- DropForeignKey
ALTER TABLE "Note" DROP CONSTRAINT "Note_mail_fkey";

-- DropIndex
DROP INDEX "Member_email_key";

-- DropIndex
DROP INDEX "Member_a_b_key";

-- AlterTable
ALTER TABLE "Team" DROP CONSTRAINT "Team_pkey",
ADD COLUMN     "code" TEXT NOT NULL,
ADD CONSTRAINT "Team_pkey" PRIMARY KEY ("code");

-- AlterTable
ALTER TABLE "Member" RENAME CONSTRAINT "Member_pkey" TO "member_key";

-- AlterTable
ALTER TABLE "Letter" ADD CONSTRAINT "Letter_pkey" PRIMARY KEY ("mail");

-- DropIndex
DROP INDEX "Letter_mail_key";

-- CreateIndex
CREATE UNIQUE INDEX "Team_id_key" ON "Team"("id");

-- CreateIndex
CREATE UNIQUE INDEX "Member_b_a_key" ON "Member"("b", "a");

-- AddForeignKey
ALTER TABLE "Team" ADD CONSTRAINT "Team_lead_fkey" FOREIGN KEY ("lead") REFERENCES "Team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "of_team" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Note" ADD CONSTRAINT "Note_x_y_fkey" FOREIGN KEY ("x", "y") REFERENCES "Member"("a", "b") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Note" ADD CONSTRAINT "Note_mail_fkey" FOREIGN KEY ("mail") REFERENCES "Letter"("mail") ON DELETE SET NULL ON UPDATE CASCADE;
