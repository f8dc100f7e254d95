-- AlterTable
ALTER TABLE "Thing7" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing7" ADD CONSTRAINT "Thing7_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
