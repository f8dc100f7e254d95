-- AlterTable
ALTER TABLE "Thing8" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing8" ADD CONSTRAINT "Thing8_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
