-- AlterTable
ALTER TABLE "Thing6" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing6" ADD CONSTRAINT "Thing6_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
